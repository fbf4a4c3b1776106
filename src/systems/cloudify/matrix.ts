import { OperationRefused, type Operation } from "../../core/system.ts";
import type { Clients } from "./clients.ts";
import { effectsAfter } from "./effects.ts";
import { cancelScheduled, runLater, type ExecutionPlan } from "./executions.ts";
import { idIn, referenceOf, referenceParameter, textOf } from "./records.ts";
import { createUser } from "./writer.ts";

/**
 * The published table of scheduled executions, as far as one run can set its rows up: what is scheduled before the snapshot,
 * and how each row must have ended. References begin with the name of the row.
 */

interface Ending {
  /** `absent` where there must be no such execution. */
  readonly status: string;
  readonly effects: number;
}

export interface Times {
  readonly overdueSeconds: number;
  readonly futureSeconds: number;
}

/** The published software's own broker refuses it, and leaves a row without a message: a source that is broken already. */
const inElevenYears = "S7-in-eleven-years";
const yearSeconds = 365 * 24 * 3600;
const beyondLongestTtlSeconds = 11 * yearSeconds;
const farAwaySeconds = 6 * 3600;
/** Spread over the time in which the restored manager is in maintenance, whenever that is. */
const betweenSeconds = [48, 54, 60, 66, 72, 78, 84];

const refused: Ending = { status: "failed", effects: 0 };
const ran: Ending = { status: "terminated", effects: 1 };

/** How the rows of one tenant must have ended once everything near is due; several endings where the moment decides. */
const endings: Readonly<Record<string, readonly Ending[]>> = {
  "S2-overdue": [refused],
  "S3-future": [ran],
  [inElevenYears]: [{ status: "scheduled", effects: 0 }],
  "S9-first": [ran],
  "S9-second": [ran],
  "S11-dry-run": [{ status: "terminated", effects: 0 }],
  "S12-parameters": [ran],
  "S14-creator-gone": [refused],
  "S15-cancelled": [{ status: "cancelled", effects: 0 }],
  "Z1-other-offset": [ran],
  "Z2-no-offset": [{ status: "absent", effects: 0 }],
  ...Object.fromEntries(betweenSeconds.map((seconds) => [`S8-after-${seconds}-s`, [refused, ran]])),
};

/** Rows that need the deployment `deployment-0` and others of a tenant. */
export function matrixRows(
  clients: Clients,
  tenant: string,
  { overdueSeconds, futureSeconds }: Times,
): Operation[] {
  const plan = (ref: string, words: Partial<ExecutionPlan> = {}): ExecutionPlan => ({
    ...{ ref, tenant, deployment: "deployment-0", workflow: "nightly" },
    ...words,
  });
  const judged = (one: ExecutionPlan, afterSeconds: number) => runLater(clients, one, { afterSeconds });
  const unjudged = (one: ExecutionPlan, afterSeconds: number) =>
    runLater(clients, one, { afterSeconds, isJudged: false });
  const leaver = `leaver-of-${tenant}`;
  const cancelled = plan("S15-cancelled");
  const slow = { workflow: "slow", deployment: "deployment-1" };
  return [
    createUser(clients, { username: leaver, tenant, role: "user" }),
    judged(plan("S2-overdue"), overdueSeconds),
    judged(plan("S3-future"), futureSeconds),
    ...(clients.keepsPromises ? [unjudged(plan(inElevenYears), beyondLongestTtlSeconds)] : []),
    ...betweenSeconds.map((seconds) => unjudged(plan(`S8-after-${seconds}-s`), seconds)),
    judged(plan("S9-first", slow), futureSeconds),
    judged(plan("S9-second", slow), futureSeconds),
    judged(plan("S11-dry-run", { isDryRun: true }), futureSeconds),
    judged(
      plan("S12-parameters", { parameters: { note: "Übergabe 砂時計" }, waitAfterFailSeconds: 30 }),
      futureSeconds,
    ),
    unjudged(plan("S14-creator-gone", { as: leaver }), futureSeconds),
    deactivateUser(clients, leaver),
    unjudged(cancelled, farAwaySeconds),
    cancelScheduled(clients, cancelled),
    judged(plan("Z1-other-offset", { offset: "-0500" }), futureSeconds),
    unjudged(plan("Z2-no-offset", { offset: "" }), farAwaySeconds),
  ];
}

/** What is scheduled in its name must not wait for ever. */
function deactivateUser({ manager }: Clients, username: string): Operation {
  return {
    facts: () => [{ kind: "login", id: username, op: "delete", digest: null }],
    perform: async () => {
      const body = { action: "deactivate" };
      await manager.call({ method: "POST", path: `/users/active/${username}`, body });
    },
  };
}

/** One operation for each row, made once everything near is due: refused, with what was seen, where it ended otherwise. */
export function matrixEndings(clients: Clients, tenant: string): Operation[] {
  const rows = Object.entries(endings).filter(([ref]) => clients.keepsPromises || ref !== inElevenYears);
  return rows.map(([ref, allowed]) => {
    const expected = allowed.map(wordsOf).join(", or ");
    let words = "";
    return {
      facts: () => [{ kind: "matrix-row", id: idIn(tenant, ref), op: "create", digest: null }],
      perform: async () => {
        const seen = await endingOf(clients, tenant, ref);
        words = `expected ${expected}; seen ${wordsOf(seen)}`;
        if (!allowed.some(({ status, effects }) => status === seen.status && effects === seen.effects))
          throw new OperationRefused(words);
      },
      saw: () => words,
    };
  });
}

function wordsOf({ status, effects }: Ending): string {
  return `${status} with ${effects} ${effects === 1 ? "effect" : "effects"}`;
}

async function endingOf({ manager, effects }: Clients, tenant: string, ref: string): Promise<Ending> {
  let status = "absent";
  for await (const item of manager.listEverywhere("/executions"))
    if (referenceOf(item) === ref && textOf(item, "tenant_name") === tenant) status = textOf(item, "status");
  const left = (await effectsAfter(effects, 0)).filter(
    (effect) => effect.tenant === tenant && effect.parameters?.[referenceParameter] === ref,
  );
  return { status, effects: left.length };
}
