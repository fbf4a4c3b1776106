import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { openTableWriter } from "../src/check/table-writer.ts";
import type { Operation } from "../src/core/system.ts";
import type { Fact } from "../src/core/tables.ts";
import { increasingClock } from "../src/run/clock.ts";
import { runWorkload } from "../src/run/workload.ts";
import { machine, median } from "./measure.ts";

/**
 * What keeping every call costs the writer: the same calls to a server that answers after a fixed time, kept in a table as in a run,
 * and not kept, in alternating pairs.
 * Usage: node bench/journalling.ts [pairs [calls]]; results go to bench/results/journalling.json.
 */
const [pairsText = "5", callsText = "4000"] = process.argv.slice(2);
const calls = Number(callsText);
const lanes = 4;
/** Half of all calls to the stand-in of TheHive took about as long on a quiet machine. */
const answerMs = 15;

const server = createServer((_, answer) => setTimeout(() => answer.end("{}"), answerMs));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

function operation(lane: number, place: number): Operation {
  return {
    facts: (seq) => [
      {
        kind: "case",
        id: `case-${lane}-${place}`,
        op: "create",
        digest: String(seq).padStart(64, "0"),
      },
    ],
    perform: async () => {
      await (await fetch(url, { method: "POST", body: "{}" })).text();
    },
  };
}

interface Rate {
  readonly perSecond: number;
  /** Time on the processor for one call, that of the server in it: what a busy machine does not change. */
  readonly processorMs: number;
}

async function rateOf(record: (fact: Fact) => Promise<void>): Promise<Rate> {
  let seq = 0;
  const usedBefore = process.cpuUsage();
  const beganAt = performance.now();
  await runWorkload({
    workload: {
      operations: calls,
      lanes: Array.from({ length: lanes }, (_, lane) =>
        Array.from({ length: calls / lanes }, (__, place) => operation(lane, place)),
      ),
    },
    epoch: "during",
    clock: increasingClock(),
    nextSeq: () => (seq += 1),
    record,
    recordSchedule: () => Promise.resolve(),
    progress: () => undefined,
    signal: new AbortController().signal,
  });
  const { user, system } = process.cpuUsage(usedBefore);
  return {
    perSecond: Math.round(calls / ((performance.now() - beganAt) / 1000)),
    processorMs: Number(((user + system) / 1000 / calls).toFixed(3)),
  };
}

async function rateWithTable(): Promise<Rate> {
  const folder = await mkdtemp(join(tmpdir(), "muster-bench-"));
  try {
    await using table = await openTableWriter({ folder, table: "facts" });
    return await rateOf((fact) => table.append(fact));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const pairs: { kept: Rate; notKept: Rate; overhead: number; load: number }[] = [];
await rateOf(() => Promise.resolve()); // The first calls open connections and warm the code up.
for (let pair = 0; pair < Number(pairsText); pair += 1) {
  const load = Number((loadavg()[0] ?? 0).toFixed(1));
  const without = () => rateOf(() => Promise.resolve());
  // Alternating, so that neither side always finds the machine as the other left it.
  const first = pair % 2 === 0 ? await rateWithTable() : await without();
  const second = pair % 2 === 0 ? await without() : await rateWithTable();
  const [kept, notKept] = pair % 2 === 0 ? [first, second] : [second, first];
  pairs.push({ kept, notKept, overhead: Number((1 - kept.perSecond / notKept.perSecond).toFixed(3)), load });
  console.log(JSON.stringify(pairs.at(-1)));
}
server.close();
const overhead = median(pairs.map((pair) => pair.overhead));
const processorMs = median(pairs.map(({ kept, notKept }) => kept.processorMs - notKept.processorMs));
console.log(
  `median of the pairs: ${(100 * overhead).toFixed(1)} % fewer calls a second, ${processorMs.toFixed(3)} ms more on the processor for each call`,
);
await mkdir(join(import.meta.dirname, "results"), { recursive: true });
await writeFile(
  join(import.meta.dirname, "results/journalling.json"),
  `${JSON.stringify({ at: new Date().toISOString(), machine, calls, lanes, answerMs, overhead, processorMs, pairs }, null, 1)}\n`,
);
