import { defineFault } from "../core/fault.ts";
import { flipBit } from "../damage/bytes.ts";
import { largest, oneOf } from "../damage/files.ts";

/** A bit flips in the largest SSTable of the graph before it is imported. */
export default defineFault({
  id: "imported-table-damaged",
  title: "One bit of an SSTable is flipped before it is imported",
  source: "dossier F2 and D10: archives are opened only after the keyspace was dropped",
  caughtBy: ["restore-follows-order", "acknowledged-writes-survive"],
  target: { components: ["cassandra"] },
  fits: (components, procedure) =>
    procedure?.mode === "hot" && components.some(({ store }) => store === "cassandra"),
  inject: oneOf(largest(/^cassandra\/edgestore\/[^/]+-Data\.db$/), (bytes) =>
    flipBit(bytes, Math.floor(bytes.length / 2)),
  ),
});
