import type { Receipt } from "../core/tables.ts";
import { containersOf, docker, isNotFound, networksOf, volumesOf } from "./docker-client.ts";

/** Everything that belongs to a compose project, as one line each: what it is → what it holds. */
export async function inventory(projectName: string): Promise<ReadonlyMap<string, string>> {
  const [containers, volumes, networks] = await Promise.all([
    containersOf(projectName),
    volumesOf(projectName),
    networksOf(projectName),
  ]);
  return new Map([
    ...containers.map(({ Names, State }) => [`container ${(Names[0] ?? "").slice(1)}`, State] as const),
    ...volumes.map((volume) => [`volume ${volume.Name}`, `present since ${createdAt(volume)}`] as const),
    ...networks.map(({ Name }) => [`network ${Name}`, "present"] as const),
  ]);
}

function createdAt(volume: object): string {
  return "CreatedAt" in volume ? String(volume.CreatedAt) : "unknown";
}

/** One receipt for each thing that was there; `after` is "absent" only when the engine no longer lists it. */
export function receiptsOfRemoval(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Receipt[] {
  return [...before].map(([subject, state]) => ({
    about: "destruction",
    subject,
    before: state,
    after: after.get(subject) ?? "absent",
  }));
}

/** Removes containers, then volumes, then networks of a project. What is already gone is no error. */
export async function removeProject(projectName: string): Promise<void> {
  for (const { Id } of await containersOf(projectName)) {
    await ignoreAbsent(docker.getContainer(Id).remove({ force: true, v: true }));
  }
  for (const { Name } of await volumesOf(projectName)) await ignoreAbsent(docker.getVolume(Name).remove());
  for (const { Id } of await networksOf(projectName)) await ignoreAbsent(docker.getNetwork(Id).remove());
}

export async function ignoreAbsent(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
  }
}
