import { seededRandom } from "../../core/random.ts";
import { largeFile, sharedFiles, uniqueFile, type PlannedFile } from "./attachments.ts";
import { incidentTexts, observableData } from "./incident-texts.ts";
import { businessId, type RecordKind } from "./marker.ts";
import type { ContentOf } from "./records.ts";

/** What one case consists of and what happens to it, from nothing but the seed and its place. Pure. */

const observablesPerCase = 5;
const tasksPerCase = 2;
const fileObservable = observablesPerCase - 1;
const dataTypes = ["ip", "domain", "url", "mail"] as const;
/** Two in sixty cases carry megabytes; beyond this many cases none does, so that a large workload stays writable. */
const largeFilePlaces = new Set([10, 40]);
const largeFilesUntil = 600;

interface Planned<Kind extends RecordKind> {
  readonly content: ContentOf<Kind>;
  readonly files: readonly PlannedFile[];
}

export interface CasePlan {
  readonly case: ContentOf<"case">;
  readonly tasks: readonly ContentOf<"task">[];
  readonly log: Planned<"log">;
  readonly observables: readonly Planned<"observable">[];
  readonly alert: ContentOf<"alert">;
  /** The case that the alert is promoted to. */
  readonly promoted: ContentOf<"case">;
}

export interface CasePlace {
  readonly seed: number;
  /** Business numbers of an epoch begin after this one. */
  readonly base: number;
  /** Counts from 0 within the epoch. */
  readonly place: number;
}

/** Promoted cases are numbered from here within an epoch. */
const promotedOffset = 50_000;

export function planCase(at: CasePlace): CasePlan {
  const caseId = businessId("case", at.base + at.place + 1);
  const tasks = plannedTasks(at, caseId);
  return {
    case: plannedCase(at, caseId),
    tasks,
    log: plannedLog(at, tasks[0]?.id ?? ""),
    observables: Array.from({ length: observablesPerCase }, (_, index) =>
      plannedObservable(at, caseId, index),
    ),
    alert: plannedAlert(at),
    promoted: plannedCase(at, businessId("case", at.base + promotedOffset + at.place + 1)),
  };
}

/** Each part of a case draws for itself, so that a change to one leaves the others as they were. */
function drawsFor({ seed, base, place }: CasePlace, part: string) {
  const random = seededRandom(seed).fork(`${part} ${base + place}`);
  return { random, texts: incidentTexts(random) };
}

function plannedCase(at: CasePlace, id: string): ContentOf<"case"> {
  const { random, texts } = drawsFor(at, id);
  return {
    kind: "case",
    id,
    title: texts.title(),
    description: texts.description(),
    severity: 1 + random.whole(4),
    status: "New",
    tags: texts.tags(),
  };
}

function plannedTasks(at: CasePlace, parent: string): readonly ContentOf<"task">[] {
  const { texts } = drawsFor(at, "tasks");
  return Array.from({ length: tasksPerCase }, (_, index) => ({
    kind: "task",
    id: businessId("task", at.base + at.place * tasksPerCase + index + 1),
    parent,
    title: texts.action(),
    description: texts.sentence(),
    status: "Waiting",
  }));
}

function plannedLog(at: CasePlace, parent: string): Planned<"log"> {
  const { texts } = drawsFor(at, "log");
  const files = withDistinctNames(
    Array.from({ length: logFileCount(at.place) }, (_, index) => planFile(at, `log${index}`)),
  );
  return {
    content: {
      kind: "log",
      id: businessId("log", at.base + at.place + 1),
      parent,
      message: `${texts.sentence()} ${texts.action()}.`,
      attachments: files.map(named),
    },
    files,
  };
}

function plannedObservable(at: CasePlace, parent: string, index: number): Planned<"observable"> {
  const { random, texts } = drawsFor(at, `observable${index}`);
  const isFile = index === fileObservable && hasFileObservable(at.place);
  const file = isFile ? planFile(at, "observable") : undefined;
  const dataType = isFile ? "file" : (dataTypes[index] ?? "hash");
  const number = at.base + at.place * observablesPerCase + index + 1;
  return {
    content: {
      kind: "observable",
      id: businessId("observable", number),
      parent,
      dataType,
      data: isFile ? null : observableData(dataType, random, number),
      message: texts.sentence(),
      tags: texts.tags(),
      attachment: file === undefined ? null : named(file),
    },
    files: file === undefined ? [] : [file],
  };
}

function plannedAlert(at: CasePlace): ContentOf<"alert"> {
  const { random, texts } = drawsFor(at, "alert");
  const number = at.base + at.place + 1;
  return {
    kind: "alert",
    id: businessId("alert", number),
    title: texts.title(),
    description: texts.description(),
    severity: 1 + random.whole(4),
    type: "siem",
    source: "muster",
    sourceRef: `ref-${number}`,
    tags: texts.tags(),
  };
}

export interface Step {
  readonly action: "create" | "update" | "delete" | "promote";
  readonly kind: Exclude<RecordKind, "organisation" | "user">;
  readonly index: number;
}

/** Calls made about a case, in order. Cheap: a workload of any size is counted with it. */
export function stepsOf(place: number): readonly Step[] {
  const steps: Step[] = [];
  const add = (action: Step["action"], kind: Step["kind"], index = 0) => steps.push({ action, kind, index });
  add("create", "case");
  for (let index = 0; index < tasksPerCase; index += 1) add("create", "task", index);
  add("create", "log");
  for (let index = 0; index < observablesPerCase; index += 1) add("create", "observable", index);
  if (place % 3 !== 2) add("create", "alert");
  if (place % 9 === 0) add("promote", "alert");
  if (place % 3 === 0) add("update", "case");
  if (place % 4 === 1) add("update", "task", 1);
  if (place % 5 === 2) add("update", "observable", 1);
  if (place % 6 === 3) add("update", "log");
  if (place % 6 === 1) add("update", "alert");
  if (deletes.fileObservable(place)) add("delete", "observable", fileObservable);
  if (deletes.log(place)) add("delete", "log");
  if (deletes.task(place)) add("delete", "task");
  if (place % 12 === 4) add("delete", "alert");
  if (deletes.case(place)) add("delete", "case");
  return steps;
}

/** Chosen so that no case meets two deletes of one record, and that promoted cases stay. */
const deletes = {
  fileObservable: (place: number) => place % 7 === 3,
  log: (place: number) => place % 15 === 8,
  task: (place: number) => place % 20 === 9,
  case: (place: number) => place % 15 === 14,
};

function logFileCount(place: number): number {
  if (place % 10 === 0) return 2;
  return place % 2 === 0 || deletes.task(place) ? 1 : 0;
}

function hasFileObservable(place: number): boolean {
  return place % 4 !== 3 || deletes.fileObservable(place);
}

function planFile({ seed, base, place }: CasePlace, slot: string): PlannedFile {
  const random = seededRandom(seed).fork(`file ${base + place} ${slot}`);
  const label = `${seed}-${base + place}-${slot}`;
  if (slot === "log0" && place < largeFilesUntil && largeFilePlaces.has(place % 60))
    return largeFile(label, random);
  // A file that goes with its record must be the only one of its content: shared content outlives any one record.
  const isDeleted = Object.values(deletes).some((isOne) => isOne(place));
  const isShared = !isDeleted && base === 0 && random.whole(10) < 4;
  return isShared ? random.pick(sharedFiles(seed)) : uniqueFile(label, random, incidentTexts(random));
}

function withDistinctNames(files: readonly PlannedFile[]): readonly PlannedFile[] {
  return files.map((file, index) => (index === 0 ? file : { ...file, name: `${index}-${file.name}` }));
}

function named({ name, sha256 }: PlannedFile): { readonly name: string; readonly sha256: string } {
  return { name, sha256 };
}
