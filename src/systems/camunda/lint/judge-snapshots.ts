import type { HeldComponent, SetFinding } from "../../../core/set-lint.ts";
import { componentNames, type ComponentName, type Expectation, type ListedSet } from "./listing.ts";

/** Parts of one component as the listings of 8.6 to 8.9 have them: up to 7. A name that says more than this lies. */
const mostParts = 100;

/**
 * Components that a set must have: those that were said, or else those of the version's family and whatever another set
 * of the same listing has. From 8.8 the records are needed with Optimize only.
 * Source: docs.camunda.io, backup, 8.6 to 8.9.
 */
export function expectedComponents(
  set: ListedSet,
  all: readonly ListedSet[],
  { components }: Pick<Expectation, "components">,
): ReadonlySet<ComponentName> {
  if (components !== null) return new Set(components);
  const own = componentsOf([set]);
  const seen = componentsOf(all);
  const oneHistory =
    own.has("webapps") || (!own.has("operate") && !own.has("tasklist") && seen.has("webapps"));
  const history: readonly ComponentName[] = oneHistory ? ["webapps"] : ["operate", "tasklist"];
  const optimize = seen.has("optimize");
  return new Set<ComponentName>([
    ...history,
    ...(optimize ? ["optimize" as const] : []),
    ...(!oneHistory || optimize || seen.has("zeebe-records") ? ["zeebe-records" as const] : []),
    "zeebe",
  ]);
}

function componentsOf(sets: readonly ListedSet[]): ReadonlySet<ComponentName> {
  return new Set(sets.flatMap(({ snapshots }) => snapshots.map(({ part }) => part.component)));
}

/** Completeness of what the snapshot repository must hold of a set: components, parts, states, indices. */
export function judgeSnapshots(
  set: ListedSet,
  expected: ReadonlySet<ComponentName>,
  indices: readonly string[],
): SetFinding[] {
  const missing = [...expected]
    .filter((component) => component !== "zeebe" && partsOf(set, component).length === 0)
    .map((component) => fault(component, "no snapshot of it is in the repository"));
  return [
    ...missing,
    ...componentNames.flatMap((component) => judgeParts(set, component)),
    ...set.snapshots.flatMap(judgeState),
    ...judgeIndices(set, indices),
  ];
}

function partsOf(set: ListedSet, component: ComponentName): ListedSet["snapshots"] {
  return set.snapshots.filter(({ part }) => part.component === component);
}

function judgeParts(set: ListedSet, component: ComponentName): SetFinding[] {
  const snapshots = partsOf(set, component);
  const longest = snapshots.toSorted((left, right) => right.part.total - left.part.total)[0];
  if (longest === undefined) return [];
  const { total, nameOf } = longest.part;
  if (total > mostParts) return [fault(longest.name, `says that there are ${total} parts`)];
  const totals = new Set(snapshots.map(({ part }) => part.total));
  const numbers = Map.groupBy(snapshots, ({ part }) => part.number);
  return [
    ...(totals.size > 1
      ? [fault(component, `its parts say different totals: ${[...totals].toSorted().join(", ")}`)]
      : []),
    ...partNumbers(total)
      .filter((number) => !numbers.has(number))
      .map((number) => fault(nameOf(number), "missing")),
    ...snapshots
      .filter(({ part }) => part.number < 1 || part.number > part.total)
      .map(({ name }) => fault(name, "is numbered outside its total")),
    ...[...numbers.values()].flatMap(([first, second]) =>
      first !== undefined && second !== undefined && first.part.version === second.part.version
        ? [doubt(second.name, "is listed twice: it is not known which one a restore takes")]
        : [],
    ),
  ];
}

function partNumbers(total: number): number[] {
  return Array.from({ length: total }, (_, at) => at + 1);
}

/** Source: Elasticsearch snapshot API; the product counts nothing but SUCCESS as complete. */
function judgeState({ name, state, shardsFailed, failures }: ListedSet["snapshots"][number]): SetFinding[] {
  if (state === "IN_PROGRESS") return [fault(name, "is still in progress: its state is IN_PROGRESS")];
  return [
    ...(state === "SUCCESS" ? [] : [fault(name, `its state is ${state}`)]),
    ...(shardsFailed > 0 ? [fault(name, `${shardsFailed} of its shards failed`)] : []),
    ...(shardsFailed === 0 && failures > 0 ? [fault(name, `lists ${failures} failures`)] : []),
  ];
}

function judgeIndices(set: ListedSet, patterns: readonly string[]): SetFinding[] {
  const held = set.snapshots.flatMap(({ indices }) => indices);
  return patterns
    .filter((pattern) => !held.some((index) => fits(index, pattern)))
    .map((pattern) =>
      held.length === 0 && set.snapshots.length > 0
        ? doubt(pattern, "the listing names no indices: ask for it without index_names=false")
        : fault(pattern, "no snapshot of the set holds such an index"),
    );
}

function fits(index: string, pattern: string): boolean {
  const pieces = pattern.split("*").map((piece) => piece.replaceAll(/[\\^$.|?*+()[\]{}]/g, String.raw`\$&`));
  return new RegExp(`^${pieces.join(".*")}$`).test(index);
}

/** How many parts of each component are there, for the table. */
export function heldSnapshots(set: ListedSet, expected: ReadonlySet<ComponentName>): HeldComponent[] {
  return componentNames
    .filter((component) => component !== "zeebe")
    .flatMap((component) => {
      const snapshots = partsOf(set, component);
      if (snapshots.length === 0) return expected.has(component) ? [{ component, held: "none" }] : [];
      const total = Math.max(...snapshots.map(({ part }) => part.total));
      const numbers = new Set(snapshots.map(({ part }) => part.number));
      return [{ component, held: `${numbers.size}/${total}` }];
    });
}

/** Something that keeps the set from being restored. */
export function fault(subject: string, problem: string): SetFinding {
  return { kind: "fault", subject, problem };
}

/** Something that the listing does not tell. */
export function doubt(subject: string, problem: string): SetFinding {
  return { kind: "doubt", subject, problem };
}
