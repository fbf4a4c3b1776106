import { copiesStore, defineFault } from "../core/fault.ts";
import { largest, oneOf, removed } from "../damage/files.ts";

/** One of the files that make up an SSTable is gone: its checksum. */
export default defineFault({
  id: "sstable-checksum-missing",
  title: "The checksum of an SSTable is gone",
  source: "dossier F1: missing Digest.crc32",
  caughtBy: ["sstables-match-their-digest"],
  target: {
    components: ["sstables", "cassandra", "elasticsearch", "api"],
    invariants: ["references-resolve", "stores-share-one-cut"],
  },
  fits: copiesStore("cassandra"),
  inject: oneOf(largest(/\/edgestore-[^/]+\/[^/]+-Digest\.crc32$/), removed),
});
