import { createServer } from "node:http";
import { expect, test } from "vitest";
import { OperationBarred, type Operation } from "../../core/system.ts";
import { Accounts } from "./accounts.ts";
import { ApiClient } from "./api-client.ts";
import { BusinessIds } from "./business-ids.ts";
import { workloadOf } from "./workload.ts";

const licenceEnded = {
  type: "LicenseError",
  message: "licence expired: reads only (the trial ended at some time)",
};

/** What every proving write ends with, where the application refuses each of them with 403 and these words. */
async function endingsWith(refusal: object): Promise<unknown[]> {
  const server = createServer((_request, answer) => answer.writeHead(403).end(JSON.stringify(refusal)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const api = new ApiClient(() => Promise.resolve({ host: "127.0.0.1", port }));
  const parts = {
    api,
    ids: new BusinessIds(api, []),
    accounts: new Accounts((name) => name),
    hasAudits: false,
  };
  const [lane = []] = workloadOf(parts, { epoch: "again", seed: 1, scale: "small" }).lanes;
  const endings: unknown[] = [];
  try {
    for (const operation of lane) endings.push(await endingOf(operation));
  } finally {
    server.close();
  }
  return endings;
}

async function endingOf(operation: Operation): Promise<unknown> {
  try {
    await operation.perform(1);
    return "acknowledged";
  } catch (thrown) {
    return thrown;
  }
}

test("where a licence has ended, no proving write was tried, and each says why", async () => {
  const endings = await endingsWith(licenceEnded);
  expect(endings.length).toBeGreaterThan(5);
  for (const ending of endings) {
    expect(ending).toBeInstanceOf(OperationBarred);
    expect(ending).toMatchObject({ message: "licence expired: reads only" });
  }
});

test("any other refusal is a refusal", async () => {
  for (const ending of await endingsWith({ type: "AuthorizationError", message: "not allowed" }))
    expect(ending).not.toBeInstanceOf(OperationBarred);
});
