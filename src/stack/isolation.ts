import { readFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { PassThrough } from "node:stream";
import { containersOf, docker, networksOf } from "./docker-client.ts";

const probeLimitMs = 3000;

/**
 * Shows that the project's network has no way out: an address that this machine reaches is not reached from inside.
 * The address is the machine's own name server, which it talks to anyway; one connection is tried and nothing is sent.
 * Where the machine has none that answers, only the network's own setting can be reported, and the detail says so.
 */
export async function probeNetwork(projectName: string): Promise<{ isolated: boolean; detail: string }> {
  const networks = await networksOf(projectName);
  const closed = networks.every(
    ({ Options, Internal }) =>
      Internal || Options?.["com.docker.network.bridge.enable_ip_masquerade"] === "false",
  );
  const setting = `masquerading is ${closed ? "off" : "on"} in ${networks.map(({ Name }) => Name).join(", ")}`;
  const address = await nameServer();
  if (address === undefined || !(await reachable(address, 53))) {
    return {
      isolated: closed,
      detail: `${setting}; no address outside answered this machine either, so no connection could be compared`,
    };
  }
  const container = (await containersOf(projectName)).find(({ State }) => State === "running");
  if (container === undefined)
    return { isolated: false, detail: `${setting}; no container runs to probe from` };
  const exitCode = await tryFromInside(container.Id, address);
  return {
    isolated: closed && exitCode !== 0,
    detail: `${setting}; port 53 of the machine's name server: reached from this machine, ${exitCode === 0 ? "REACHED" : "not reached"} from inside within ${probeLimitMs} ms`,
  };
}

async function tryFromInside(containerId: string, address: string): Promise<number> {
  const exec = await docker.getContainer(containerId).exec({
    Cmd: ["timeout", String(probeLimitMs / 1000), "bash", "-c", `exec 3<>/dev/tcp/${address}/53`],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({});
  stream.pipe(new PassThrough()).resume();
  await new Promise((resolve) => stream.on("end", resolve).on("close", resolve));
  return (await exec.inspect()).ExitCode ?? -1;
}

async function nameServer(): Promise<string | undefined> {
  const text = await readFile("/etc/resolv.conf", "utf8").catch(() => "");
  return [...text.matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)]
    .map((match) => match[1])
    .find((address) => address !== undefined && !address.startsWith("127."));
}

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: probeLimitMs });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once("connect", () => end(true))
      .once("timeout", () => end(false))
      .once("error", () => end(false));
  });
}
