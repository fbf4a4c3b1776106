import { defineFault } from "../core/fault.ts";

/** The steps that stop the application were forgotten, so the copy is one of a running system. */
export default defineFault({
  id: "backup-while-running",
  title: "The backup is taken while everything runs",
  source: "dossier F20: a cold backup without stopping",
  caughtBy: [],
  target: { components: "all" },
  expected: "either",
  takenWith: (blocks) => blocks.filter(({ script }) => !/\b(stop|drain)\b/.test(script)),
  fits: (_components, procedure) => procedure?.mode === "cold",
});
