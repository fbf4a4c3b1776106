import { $ } from "zx";
import { exitStatus } from "../core/errors.ts";
import { findEngine, sentenceToType } from "../stack/engine.ts";

interface Finding {
  readonly what: string;
  readonly seen: string;
  readonly todo?: string;
}

/** Programs that runbooks and image builds call on this machine. */
const programs: readonly [name: string, purpose: string][] = [
  ["bash", "runbook blocks"],
  ["jq", "runbook blocks"],
  ["curl", "runbook blocks"],
  ["tar", "runbook blocks and image builds"],
  ["sha256sum", "runbook blocks"],
  ["mvn", "image builds, where images cannot be pulled"],
  ["python3", "image builds, where images cannot be pulled"],
  ["npm", "packages and image builds"],
];

/** What is here, what is missing, what to type. Looks only; changes nothing. */
export async function doctorCommand(): Promise<number> {
  const findings: Finding[] = [
    { what: "Node", seen: process.version },
    await engineFinding(),
    ...(await Promise.all(programs.map(programFinding))),
  ];
  for (const { what, seen, todo } of findings)
    process.stdout.write(
      `${todo === undefined ? "ok     " : "missing"}  ${what.padEnd(12)} ${seen}${todo === undefined ? "" : `\n         → ${todo}`}\n`,
    );
  process.stdout.write("\nwithout an engine: ./muster run tutorial/cold\n");
  return findings.some(({ todo }) => todo !== undefined) ? exitStatus.inconclusive : exitStatus.verified;
}

async function engineFinding(): Promise<Finding> {
  const engine = await findEngine();
  if (!engine.answers) return { what: "engine", seen: engine.reason, todo: `type ${sentenceToType}` };
  if (engine.compose === undefined)
    return { what: "engine", seen: `${engine.version}, without compose v2`, todo: `type ${sentenceToType}` };
  return { what: "engine", seen: `${engine.version}, compose ${engine.compose}` };
}

async function programFinding([name, purpose]: readonly [string, string]): Promise<Finding> {
  const result = await $({ nothrow: true, quiet: true, timeout: "5s" })`command -v ${name}`;
  return result.exitCode === 0
    ? { what: name, seen: result.stdout.trim() }
    : { what: name, seen: `not found (${purpose})`, todo: `install ${name} by your system's own means` };
}
