import { copiesStore, defineFault } from "../core/fault.ts";
import { flipBit } from "../damage/bytes.ts";
import { largest, oneOf } from "../damage/files.ts";

/** A bit flips in the middle of the largest data file of the graph: the server starts, and fails when the row is read. */
export default defineFault({
  id: "sstable-bit-flip",
  title: "One bit of a Cassandra data file is flipped",
  source: "dossier F2: corrupt Data.db",
  caughtBy: ["sstables-match-their-digest"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  isDefault: true,
  fits: copiesStore("cassandra"),
  inject: oneOf(largest(/\/edgestore-[^/]+\/[^/]+-Data\.db$/), (bytes) =>
    flipBit(bytes, Math.floor(bytes.length / 2)),
  ),
});
