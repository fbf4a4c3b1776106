import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { MusterError } from "../core/errors.ts";

interface LockOptions {
  /** Told once, with the id of the process that holds the lock. */
  readonly onWait: (owner: string) => void;
  readonly limitMs?: number;
  readonly pollMs?: number;
}

const defaultLimitMs = 1_800_000;
const defaultPollMs = 500;

/**
 * One build at a time: a file with the id of the process that builds. Whoever finds that process gone takes the lock over.
 * @returns the lock; disposing of it gives it back.
 * @throws MusterError TIMEOUT naming the file and its owner.
 */
export async function acquireBuildLock(path: string, options: LockOptions): Promise<AsyncDisposable> {
  const { onWait, limitMs = defaultLimitMs, pollMs = defaultPollMs } = options;
  const beganAt = performance.now();
  for (let round = 0; ; round += 1) {
    if (await tryAcquire(path)) return { [Symbol.asyncDispose]: async () => await rm(path, { force: true }) };
    const owner = await readFile(path, "utf8").catch(() => undefined);
    if (owner === undefined) continue; // Given back this very moment.
    if (!isAlive(owner)) {
      await removeOf(path, owner);
      continue;
    }
    if (round === 0) onWait(owner);
    if (performance.now() - beganAt > limitMs) throw heldTooLong(path, owner, limitMs);
    await sleep(pollMs);
  }
}

/** The file appears with its content at once, so that nobody reads a lock without an owner. */
async function tryAcquire(path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, String(process.pid));
  try {
    await link(draft, path);
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST") return false;
    throw thrown;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes the lock of an owner that is gone; one that somebody took over in between is put back. */
async function removeOf(path: string, owner: string): Promise<void> {
  const aside = `${path}.${process.pid}.stale`;
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  if (!moved) return;
  if ((await readFile(aside, "utf8")) !== owner) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function isAlive(owner: string): boolean {
  const processId = Number(owner);
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    return process.kill(processId, 0);
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM"; // There, but another user's.
  }
}

function heldTooLong(path: string, owner: string, limitMs: number): MusterError {
  return new MusterError("TIMEOUT", {
    message: `expected the build of process ${owner} to end within ${limitMs} ms, it still holds ${path}`,
    hint: "see whether that process still works, or remove the file",
  });
}
