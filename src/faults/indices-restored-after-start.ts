import { defineFault, hasStore } from "../core/fault.ts";
import { moveBefore } from "./applications-started-too-early.ts";

/** Applications that run while their indices are deleted and restored make some of them again by themselves. */
export default defineFault({
  id: "indices-restored-after-start",
  title: "The indices are restored while the applications run",
  source: "camunda F9 and F10, observed as (b2)",
  caughtBy: [],
  gate: "started",
  target: { components: [] },
  expected: "either",
  fits: hasStore("zeebe"),
  reorder: (blocks) =>
    moveBefore(
      moveBefore(blocks, "start-applications", "delete-indices"),
      "restore-broker",
      "start-applications",
    ),
});
