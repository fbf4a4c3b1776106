import { defineFault } from "../core/fault.ts";

/** The server was in use: a later state lies where the backup is restored, and copying removes nothing of it. */
export default defineFault({
  id: "target-in-use",
  title: "The target still holds a later state",
  source: "dossier F21 and D16: restore over folders that are not empty",
  caughtBy: ["acknowledged-writes-survive", "no-unexplained-records", "restore-follows-order"],
  target: { components: "all" },
  generations: "two",
  restores: "earlier",
  targetIsFull: true,
  fits: () => true,
});
