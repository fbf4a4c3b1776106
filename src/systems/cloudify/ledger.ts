import { z } from "zod";

/** What clients know of the manager and cannot ask it for: ids that it gave out, and whom they made. */

/** One execution that Muster asked for, found again by the reference in its parameters. */
export interface KnownExecution {
  readonly ref: string;
  readonly executionId: string;
  readonly tenant: string;
  readonly isDryRun: boolean;
  /** Milliseconds UTC; null where it was to start at once. */
  readonly dueAt: number | null;
}

/** A schedule with a rule, found again by the reference in the parameters of what it starts. */
export interface KnownRule {
  readonly ref: string;
  readonly tenant: string;
  /** Milliseconds UTC of its first time. */
  readonly firstAt: number;
  readonly isCycle: boolean;
}

export interface KnownUser {
  readonly username: string;
  /** Name of the secret that is its password. */
  readonly secret: string;
  readonly tenant: string;
}

export class Ledger {
  readonly #executions: Map<string, KnownExecution>;
  readonly #users: Map<string, KnownUser>;
  readonly #rules: Map<string, KnownRule>;

  /** Every connection of a run sees the same ledger. */
  constructor(memory: Map<string, unknown>) {
    this.#executions = sharedMap<KnownExecution>(memory, "executions");
    this.#users = sharedMap<KnownUser>(memory, "users");
    this.#rules = sharedMap<KnownRule>(memory, "rules");
  }

  addExecution(execution: KnownExecution): void {
    this.#executions.set(execution.ref, execution);
  }

  execution(ref: string): KnownExecution | undefined {
    return this.#executions.get(ref);
  }

  executionWithId(executionId: string): KnownExecution | undefined {
    return [...this.#executions.values()].find((known) => known.executionId === executionId);
  }

  scheduled(): readonly KnownExecution[] {
    return [...this.#executions.values()].filter(({ dueAt }) => dueAt !== null);
  }

  addRule(rule: KnownRule): void {
    this.#rules.set(rule.ref, rule);
  }

  rule(ref: string): KnownRule | undefined {
    return this.#rules.get(ref);
  }

  /** When what happens once is due. */
  dueTimes(): readonly number[] {
    const executions = [...this.#executions.values()].flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt]));
    const rules = [...this.#rules.values()].flatMap(({ firstAt, isCycle }) => (isCycle ? [] : [firstAt]));
    return [...executions, ...rules];
  }

  addUser(user: KnownUser): void {
    this.#users.set(user.username, user);
  }

  users(): readonly KnownUser[] {
    return [...this.#users.values()];
  }
}

function sharedMap<Value>(memory: Map<string, unknown>, name: string): Map<string, Value> {
  const found = memory.get(name) ?? new Map<string, Value>();
  memory.set(name, found);
  return z.instanceof(Map).parse(found) as Map<string, Value>;
}
