import { docker, isNotFound } from "./docker-client.ts";

/** A registry that does not answer at once is not there: a local build is quicker than waiting for it. */
const answerLimitMs = 8000;
/** A pull that began may take its time, but not forever. */
const pullLimitMs = 1_800_000;

/** What became of a pull. */
export type PullOutcome = "pulled" | "no such image" | "no registry";

/** @returns the id of an image that the engine holds; undefined where it holds none of this name. */
export async function imageId(image: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(image).inspect()).Id;
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

let registryIsSilent = false;

/** Pulls a vendor's image; once a registry did not answer, none is asked again in this process. */
export async function pullOfficial(image: string): Promise<boolean> {
  if (registryIsSilent || !pullingIsAllowed()) return false;
  const outcome = await pull(image);
  registryIsSilent = outcome === "no registry";
  return outcome === "pulled";
}

/** `MUSTER_PULL=never` for machines that must not, or need not, ask. */
export function pullingIsAllowed(): boolean {
  return process.env["MUSTER_PULL"] !== "never";
}

/** Asks the engine to pull; never throws, because what failed here is tried from another source, and the report names what ran. */
export async function pull(image: string): Promise<PullOutcome> {
  const answer = new AbortController();
  const timer = setTimeout(() => answer.abort(), answerLimitMs);
  try {
    const stream = await docker.pull(image, { abortSignal: answer.signal });
    clearTimeout(timer);
    const end = setTimeout(() => answer.abort(), pullLimitMs);
    try {
      await new Promise<void>((resolve, reject) => {
        docker.modem.followProgress(stream, (problem) => (problem === null ? resolve() : reject(problem)));
      });
    } finally {
      clearTimeout(end);
    }
    return "pulled";
  } catch (thrown) {
    return isNotFound(thrown) ? "no such image" : "no registry";
  } finally {
    clearTimeout(timer);
  }
}
