import Docker from "dockerode";

/** The one client of the Docker engine; it follows DOCKER_HOST like the command line does. */
export const docker = new Docker();

// Where the reaper's image cannot be pulled testcontainers would refuse to start; Muster sweeps by label itself.
process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
// Inside a container-like machine the library would choose the bridge gateway, where ports published on 127.0.0.1 do not answer.
process.env["TESTCONTAINERS_HOST_OVERRIDE"] ??= "127.0.0.1";

const projectLabel = "com.docker.compose.project";
export const serviceLabel = "com.docker.compose.service";

/** Containers of a compose project, stopped ones too. */
export async function containersOf(projectName: string): Promise<Docker.ContainerInfo[]> {
  return await docker.listContainers({ all: true, filters: { label: [`${projectLabel}=${projectName}`] } });
}

export async function volumesOf(projectName: string): Promise<Docker.VolumeInspectInfo[]> {
  return (await docker.listVolumes({ filters: { label: [`${projectLabel}=${projectName}`] } })).Volumes ?? [];
}

export async function networksOf(projectName: string): Promise<Docker.NetworkInspectInfo[]> {
  return await docker.listNetworks({ filters: { label: [`${projectLabel}=${projectName}`] } });
}

/** True where the engine says that the thing does not exist. */
export function isNotFound(thrown: unknown): boolean {
  return typeof thrown === "object" && thrown !== null && "statusCode" in thrown && thrown.statusCode === 404;
}
