import { copiesStore, defineFault } from "../core/fault.ts";
import { named } from "../damage/files.ts";

/** The file that tells the application where its index is has no text. */
export default defineFault({
  id: "configuration-file-empty",
  title: "A file of settings is empty",
  source: "false greens 3: a manifest that cannot be read counts as valid",
  caughtBy: ["configuration-restored"],
  target: { components: ["config", "api"], invariants: ["restore-follows-order"] },
  fits: copiesStore("cassandra"),
  inject: named("config/application/index.conf", () => Buffer.alloc(0)),
});
