import { defineFault, hasStore } from "../core/fault.ts";
import { moveBefore } from "./applications-started-too-early.ts";

/** The overview page and the architecture page restore the broker first, the step-by-step pages last. */
export default defineFault({
  id: "broker-restored-first",
  title: "The broker is restored before the indices",
  source: "camunda A.9: the documents contradict each other",
  caughtBy: [],
  target: { components: [] },
  expected: "either",
  fits: hasStore("zeebe"),
  reorder: (blocks) => moveBefore(blocks, "restore-broker", "delete-indices"),
});
