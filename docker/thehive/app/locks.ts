/**
 * Locks by name within this process, the only writer of its database. A call that needs several queues for all of them in
 * one step, so that no two calls wait for each other.
 */
export class Locks {
  readonly #tails = new Map<string, Promise<void>>();

  /** Runs the work when every call that came before with one of these names has ended. */
  async holding<Result>(names: readonly string[], work: () => Promise<Result>): Promise<Result> {
    const unique = [...new Set(names)];
    const before = Promise.all(unique.flatMap((name) => this.#tails.get(name) ?? []));
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    for (const name of unique) this.#tails.set(name, released);
    try {
      await before;
      return await work();
    } finally {
      for (const name of unique) if (this.#tails.get(name) === released) this.#tails.delete(name);
      release();
    }
  }
}
