import { MusterError } from "../core/errors.ts";

/**
 * Passes a stream on, and throws when the next item takes longer than `idleLimitMs`: a source that falls silent must
 * not be taken for one that has ended.
 * @throws MusterError TIMEOUT naming what was read.
 */
export async function* withIdleLimit<Item>(
  source: AsyncIterable<Item>,
  options: { readonly idleLimitMs: number; readonly what: string },
): AsyncIterable<Item> {
  const iterator = source[Symbol.asyncIterator]();
  let isSilent = false;
  try {
    while (true) {
      const next = await within(iterator.next(), options).catch((thrown: unknown) => {
        isSilent = true;
        throw thrown;
      });
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    // A generator that hangs in next() would also hang in return(), so that one is not waited for.
    const closing = iterator.return?.();
    if (isSilent) void closing?.catch(() => undefined);
    else await closing;
  }
}

async function within<Value>(
  promise: Promise<Value>,
  { idleLimitMs, what }: { readonly idleLimitMs: number; readonly what: string },
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new MusterError("TIMEOUT", {
          message: `${what}: nothing was read for ${idleLimitMs} ms`,
          hint: "is the engine busy or its disk full?",
        }),
      );
    }, idleLimitMs);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
