import { ApiError, type Route } from "./http.ts";

/**
 * A new database gets a trial of 14 days; afterwards TheHive is read-only. Source: StrangeBee documentation, "About licenses".
 * That the start of the trial is kept in the database, and the words of the refusal, are this stand-in's.
 */
const trialDays = 14;

const licenceError = "LicenseError";

/** Whether what is asked of the application changes a record. */
const changes = (method: string) => method !== "GET";

/** Routes that refuse to change anything once the trial has ended; without the start of one there is no end. */
export function licensed(
  routes: readonly Route[],
  trialBeganAt: number | undefined,
  nowMs: () => number,
): readonly Route[] {
  if (trialBeganAt === undefined) return routes;
  const endsAt = trialBeganAt + trialDays * 86_400_000;
  return routes.map((route) => ({
    ...route,
    handle: async (call) => {
      if (changes(route.method) && nowMs() >= endsAt)
        throw new ApiError(
          403,
          licenceError,
          `licence expired: reads only (the trial ended at ${new Date(endsAt).toISOString()})`,
        );
      return await route.handle(call);
    },
  }));
}
