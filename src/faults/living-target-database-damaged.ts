import { defineFault, hasStore } from "../core/fault.ts";
import { flipBit } from "../damage/bytes.ts";
import { largest, oneOf } from "../damage/files.ts";
import { flipBitOfMember } from "../damage/tape-archive.ts";

const tables = /^cassandra\/edgestore\/[^/]+-Data\.db$/;
const archives = /^cassandra\/[^/]+\.tar$/;

/** The servers live and hold the newest state; the archive of the tables is opened once the keyspace is gone. */
export default defineFault({
  id: "living-target-database-damaged",
  title: "The target is in use, and one bit of the set's largest table is flipped",
  source: "dossier D10: the keyspace is dropped before anybody looks into the archive",
  caughtBy: ["living-target-kept"],
  target: { components: "all" },
  generations: "two",
  restores: "earlier",
  targetIsFull: true,
  fits: (components, procedure) => procedure?.mode === "hot" && hasStore("cassandra")(components),
  inject: oneOf(
    (artefacts) => [...largest(tables)(artefacts), ...largest(archives)(artefacts)].slice(0, 1),
    (bytes) =>
      bytes.toString("latin1", 257, 262) === "ustar"
        ? flipBitOfMember(bytes, /\/edgestore-[0-9a-f]+\/[^/]+-Data\.db$/)
        : flipBit(bytes, Math.floor(bytes.length / 2)),
  ),
});
