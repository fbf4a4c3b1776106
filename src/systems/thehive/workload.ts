import { setTimeout as sleep } from "node:timers/promises";
import type { Operation, Scale, Workload, WorkloadRequest } from "../../core/system.ts";
import { defaultAdministrator, administrator, organisations, users } from "./accounts.ts";
import { planCase, stepsOf, type CasePlan, type Step } from "./case-plan.ts";
import { markerText } from "./marker.ts";
import type { Content } from "./records.ts";
import { provingOperations } from "./proving-writes.ts";
import { createAccount, Writer, type WriterParts } from "./writer.ts";

/** The writes of each epoch. Numbers of an epoch begin at its base, so that no two epochs name the same record. */

const epochBase = { seed: 0, during: 500_000, after: 800_000, again: 900_000 } as const;
const casesOfSmall = 60;
const factor: Readonly<Record<Scale, number>> = { small: 1, medium: 10, large: 100 };
/** Of seeding: its case is neither changed nor deleted before the restore. */
const placeOfRestored = 2;
const laneCount = 4;
/** More than a backup takes; the kernel stops earlier. */
const casesDuring = 2000;
/** About what a small team does in a busy minute, in a second; more only makes the machine slow. */
const perSecondDuring = 20;
/** Calls that load is made of, beside the creation of records without files. */
export const loadKinds: readonly string[] = ["update", "delete", "promote", "attach"];
const accountsLimitMs = 120_000;

export function workloadOf(parts: WriterParts, request: WorkloadRequest): Workload {
  switch (request.epoch) {
    case "seed":
      return seeding(parts, request.seed, casesOfSmall * factor[request.scale]);
    case "during":
      return loading(parts, request);
    case "after": {
      const lane = [...operationsAfter(parts, request.seed)];
      return { operations: lane.length, lanes: [lane] };
    }
    case "probe":
      return { operations: 0, lanes: [] };
    case "again": {
      const { seed } = request;
      const restored = planCase({ seed, base: epochBase.seed, place: placeOfRestored }).case;
      const lane = provingOperations(parts, { seed, base: epochBase.again, place: 0 }, restored);
      return { operations: lane.length, lanes: [lane] };
    }
  }
}

function seeding(parts: WriterParts, seed: number, cases: number): Workload {
  const setup = setUpAccounts(parts);
  const [first = [], ...others] = lanesOf(parts, { seed, base: epochBase.seed, cases, mayBegin: setup.done });
  return {
    operations: setup.operations.length + operationsOf(0, cases),
    lanes: [inTurn(setup.operations, first), ...others],
  };
}

/** Load while a backup is taken. Without `attach` no record with files is made, nor what hangs on it. */
function loading(parts: WriterParts, { seed, load = {} }: WorkloadRequest): Workload {
  const { perSecond = perSecondDuring, workers: lanes = laneCount, mix = loadKinds } = load;
  const isChosen = (plan: CasePlan, step: Step): boolean => {
    const hasFiles = partOf(plan, step.kind, step.index).files.length > 0;
    return (step.action === "create" || mix.includes(step.action)) && (!hasFiles || mix.includes("attach"));
  };
  return {
    operations: Infinity,
    perSecond,
    lanes: lanesOf(parts, { seed, base: epochBase.during, cases: casesDuring, lanes, isChosen }),
  };
}

interface LaneOptions {
  readonly seed: number;
  readonly base: number;
  readonly cases: number;
  readonly lanes?: number;
  readonly isChosen?: (plan: CasePlan, step: Step) => boolean;
  readonly mayBegin?: () => Promise<void>;
}

/** Lanes that take the cases in turn, so that one lane owns a case and all that hangs on it. */
function lanesOf(parts: WriterParts, options: LaneOptions): Iterable<Operation>[] {
  const { seed, base, cases, lanes = laneCount, isChosen = () => true } = options;
  return Array.from({ length: lanes }, (_, lane) => ({
    *[Symbol.iterator]() {
      for (let place = lane; place < cases; place += lanes) {
        const writer = new Writer(parts, parts.accounts.authorOf(place), options.mayBegin);
        const plan = planCase({ seed, base, place });
        yield* caseOperations(
          writer,
          plan,
          stepsOf(place).filter((step) => isChosen(plan, step)),
        );
      }
    },
  }));
}

function operationsOf(from: number, to: number): number {
  let sum = 0;
  for (let place = from; place < to; place += 1) sum += stepsOf(place).length;
  return sum;
}

function* inTurn<Item>(...parts: readonly Iterable<Item>[]): Iterable<Item> {
  for (const part of parts) yield* part;
}

/** The calls about one case. What was deleted on the way is not deleted again with the case. */
function* caseOperations(writer: Writer, plan: CasePlan, steps: readonly Step[]): Iterable<Operation> {
  const gone = new Set<string>();
  for (const { action, kind, index } of steps) {
    const { content, files } = partOf(plan, kind, index);
    if (action === "create") yield writer.create(content, files);
    else if (action === "update") yield writer.update(changed(content));
    else if (action === "promote") yield writer.promote(plan.alert, plan.promoted);
    else {
      const below = belowOf(plan, content).filter((part) => !gone.has(part.content.id));
      const blobs = [...files, ...below.flatMap((part) => part.files)].filter(({ isShared }) => !isShared);
      yield writer.remove(
        content,
        below.map((part) => part.content),
        [...new Set(blobs.map(({ sha256 }) => sha256))],
      );
      for (const part of [{ content }, ...below]) gone.add(part.content.id);
    }
  }
}

interface Part {
  readonly content: Content;
  readonly files: CasePlan["log"]["files"];
}

function partOf(plan: CasePlan, kind: Step["kind"], index: number): Part {
  const parts: Readonly<Record<Step["kind"], Part | undefined>> = {
    case: { content: plan.case, files: [] },
    task: plan.tasks[index] && { content: plan.tasks[index], files: [] },
    log: plan.log,
    observable: plan.observables[index],
    alert: { content: plan.alert, files: [] },
  };
  const part = parts[kind];
  if (part === undefined) throw new RangeError(`the plan has no ${kind} ${index}`);
  return part;
}

/** What goes with a record when it is deleted. */
function belowOf(plan: CasePlan, content: Content): Part[] {
  const log = plan.log.content.parent === content.id || content.kind === "case" ? [plan.log] : [];
  if (content.kind !== "case") return log;
  return [...plan.tasks.map((task) => ({ content: task, files: [] })), ...log, ...plan.observables];
}

/** A second version of a record. */
function changed(content: Content): Content {
  const note = "— geändert, vérifié ✔";
  switch (content.kind) {
    case "case":
      return { ...content, title: `${content.title} ${note}`, severity: 4, status: "InProgress" };
    case "task":
      return { ...content, status: "Completed" };
    case "log":
    case "observable":
      return { ...content, message: `${content.message} ${note}` };
    case "alert":
      return { ...content, description: `${content.description}\n${note}` };
    default:
      return content;
  }
}

/**
 * A case with all that belongs to it, a change and a delete of records that the backup holds: after a restore the former
 * must be gone, the changed record must be as it was, and the deleted one must be back.
 */
function* operationsAfter(parts: WriterParts, seed: number): Iterable<Operation> {
  const place = 1; // Of seeding: its case is never changed there, and its first observable stays.
  const own = planCase({ seed, base: epochBase.after, place: 0 });
  const writer = new Writer(parts, parts.accounts.authorOf(place));
  const steps = stepsOf(0).filter(({ action }) => action === "create");
  yield* caseOperations(writer, own, steps);
  const seeded = planCase({ seed, base: epochBase.seed, place });
  yield writer.update(changed(seeded.case));
  const [first] = seeded.observables;
  if (first !== undefined) yield writer.remove(first.content);
}

/** First calls to a new TheHive: its default password is changed before anything else, so that a fresh start cannot hide. */
function setUpAccounts(parts: WriterParts): {
  readonly operations: readonly Operation[];
  readonly done: () => Promise<void>;
} {
  const { api, accounts } = parts;
  const names = new Map<string, string>();
  const changePassword: Operation = {
    facts: () => [],
    perform: async () => {
      const path = `/api/v1/user/${encodeURIComponent(administrator)}/password/set`;
      await api.post(defaultAdministrator, path, { password: accounts.administrator.password });
    },
  };
  const named = organisations.map((content): Operation => {
    const operation = createAccount(parts, () => accounts.administrator, { content });
    return {
      facts: (seq) => operation.facts(seq),
      perform: async (seq) => {
        names.set(content.id, markerText(content.id, seq));
        await operation.perform(seq);
      },
    };
  });
  const people = users.map((content): Operation =>
    createAccount(parts, () => accounts.administrator, {
      content,
      organisation: () => names.get(content.organisation) ?? "",
      password: accounts.of(content.login).password,
    }),
  );
  const created = Promise.withResolvers<true>();
  const last: Operation = {
    facts: () => [],
    perform: () => {
      created.resolve(true);
      return Promise.resolve();
    },
  };
  const done = async () => {
    const timer = new AbortController();
    const isCreated = await Promise.race([
      created.promise,
      sleep(accountsLimitMs, false, { signal: timer.signal }).catch(() => false),
    ]);
    timer.abort();
    if (!isCreated) throw new Error(`users were not created within ${accountsLimitMs} ms`);
  };
  return { operations: [changePassword, ...named, ...people, last], done };
}
