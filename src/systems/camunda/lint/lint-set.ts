import type { LintedSet, SetLint } from "../../../core/set-lint.ts";
import { judgePartitions } from "./judge-partitions.ts";
import { expectedComponents, heldSnapshots, judgeSnapshots } from "./judge-snapshots.ts";
import { beginningsOf, judgeIdOrder, judgeTimes, noteIdOrder } from "./judge-times.ts";
import { judgeVersions } from "./judge-versions.ts";
import { listSets, type ListedSet, type SetListing } from "./listing.ts";
import { readListing } from "./read-listing.ts";

/** What no listing shows, however good it looks. Sources: 8.6.0, observed, and the vendor's backup pages. */
const limits: readonly string[] = [
  "content: manifests hold no checksum, so a changed byte in a segment or a snapshot shows in a restore only",
  "the soft pause of exporting: a set that was taken without it looks the same, and may lose records silently",
  "positions: whether the records in the snapshots reach what each partition's exporter had confirmed",
  "times are those of two servers: a difference between their clocks can hide a wrong order, or feign one",
  "index templates and lifecycle policies are in no snapshot: they must be there before a restored system starts",
];

/** Judges a listing of backup sets from its files: `System.lintSet` of Camunda 8 with Elasticsearch and an S3 store. */
export async function lintCamundaSets(paths: readonly string[]): Promise<SetLint> {
  return judgeListing(await readListing(paths));
}

/** Says of every backup id whether it can be restored as one whole, and every reason why not. */
export function judgeListing(listing: SetListing): SetLint {
  const sets = listSets(listing);
  const highest = Math.max(0, ...listing.stored.map(({ partition }) => partition));
  const optimizeIsKnown =
    listing.expected.components !== null ||
    sets.some(({ snapshots }) => snapshots.some(({ part }) => part.component === "optimize"));
  return {
    sets: sets.map((set, at) => judgeSet(set, { listing, sets, highest, lower: sets.slice(0, at) })),
    notes: [...sets.flatMap(noteSingle), ...noteIdOrder(sets), ...noteForeign(listing)],
    limits: optimizeIsKnown
      ? limits
      : ["Optimize: no set has it, so none was asked to; name it in expect.json if it runs", ...limits],
  };
}

function judgeSet(
  set: ListedSet,
  context: {
    readonly listing: SetListing;
    readonly sets: readonly ListedSet[];
    readonly highest: number;
    readonly lower: readonly ListedSet[];
  },
): LintedSet {
  const { expected } = context.listing;
  const components = expectedComponents(set, context.sets, expected);
  const partitions = judgePartitions(set, {
    partitions: expected.partitions,
    highest: context.highest,
    expected: components.has("zeebe"),
  });
  return {
    id: set.id,
    takenMs: beginningsOf(set).any,
    components: [...heldSnapshots(set, components), partitions.held],
    findings: [
      ...judgeSnapshots(set, components, expected.indices),
      ...partitions.findings,
      ...judgeVersions(set),
      ...judgeTimes(set, partitions.folders),
      ...judgeIdOrder(set, context.lower),
    ],
  };
}

function noteSingle({ id, snapshots, stored }: ListedSet): string[] {
  const holders = new Set([
    ...snapshots.map(({ part }) => part.component),
    ...(stored.length > 0 ? ["zeebe"] : []),
  ]);
  return holders.size === 1 ? [`id ${id} exists in ${[...holders].join("")} only`] : [];
}

function noteForeign({ snapshots }: SetListing): string[] {
  const foreign = snapshots.filter(({ part }) => part === null).map(({ name }) => name);
  return foreign.length === 0
    ? []
    : [
        `not part of any set by their names: ${foreign.slice(0, 5).join(", ")}${foreign.length > 5 ? `, and ${foreign.length - 5} more` : ""}`,
      ];
}
