import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeBytes } from "../core/damage.ts";
import { defineFault } from "../core/fault.ts";

/** The deployment was initialised again before it was saved: its index has another password than the application knows. */
export default defineFault({
  id: "index-password-changed",
  title: "The index has another password than the application's settings",
  source: "dossier F18 and D18: init.sh gives a new password each time",
  caughtBy: ["restore-follows-order"],
  target: { components: ["elasticsearch", "api"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "elasticsearch"),
  async inject({ setFolder, artefacts }) {
    const subject = artefacts.find(({ path }) => path === "config/deployment/.env")?.path;
    if (subject === undefined) return [];
    const path = join(setFolder, subject);
    const before = await readFile(path);
    const after = Buffer.from(
      before.toString().replace(/^(ELASTIC_PASSWORD=).*$/m, "$1another-password-than-before"),
    );
    await writeFile(path, after);
    return [{ subject, before: describeBytes(before), after: describeBytes(after) }];
  },
});
