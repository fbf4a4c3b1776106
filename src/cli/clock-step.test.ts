import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { rehearse } from "./rehearsal.test-support.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the machine's clock is set back by an hour during the restore: the recovery is as long as it was, and it is said", async () => {
  const folder = await mkdtemp(join(tmpdir(), "muster-clock-"));
  const now = Date.now.bind(Date);
  const beganAt = performance.now();
  const { report } = await rehearse(folder, {
    blocks: { "restore-search": 'sleep 0.5; cp -a "$BACKUP_DIR/search" data/search' },
    onStep: (step) => {
      if (step === "restore") vi.spyOn(Date, "now").mockImplementation(() => now() - 3_600_000);
    },
  });
  await rm(folder, { recursive: true, force: true });
  expect(report.result).toBe("verified");
  expect(report.recovery.rtoMs).toBeGreaterThanOrEqual(500);
  expect(report.recovery.rtoMs).toBeLessThan(performance.now() - beganAt);
  expect(report.limits).toContain(
    "the machine's clock was set back by 3600 s during the run; durations were counted without it",
  );
});
