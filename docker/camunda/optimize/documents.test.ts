import { expect, test } from "vitest";
import { decisionOf, definitionOf } from "./documents.ts";
import { indexPattern, parseRecord } from "./records.ts";

const event = { key: 5, partitionId: 1, position: 9, timestamp: 0, recordType: "EVENT" };

test("the records of one deployment give the same definition, whichever partition they come from", () => {
  const value = {
    processDefinitionKey: 7,
    bpmnProcessId: "p",
    version: 2,
    resource: Buffer.from("<größe/>").toString("base64"),
  };
  const ofPartition = (partitionId: number) =>
    definitionOf(parseRecord({ ...event, partitionId, timestamp: partitionId, intent: "CREATED", value }));

  expect(ofPartition(1)).toMatchObject({
    id: "7",
    content: { processDefinitionKey: "7", bpmnProcessId: "p", version: 2, bpmn20Xml: "<größe/>" },
  });
  expect(ofPartition(2)).toEqual(ofPartition(1));
  expect(definitionOf(parseRecord({ ...event, intent: "DELETED", value }))).toBeUndefined();
});

test("an evaluation is kept with its output, also one that failed", () => {
  const value = {
    decisionId: "d",
    decisionVersion: 1,
    decisionOutput: '"yes"',
    processInstanceKey: 3,
    evaluatedDecisions: [{ decisionKey: 4, decisionOutput: '"yes"' }],
  };

  expect(decisionOf(parseRecord({ ...event, intent: "EVALUATED", value }))).toMatchObject({
    id: "5",
    content: {
      decisionId: "d",
      state: "EVALUATED",
      output: '"yes"',
      processInstanceKey: "3",
      version: 1,
      evaluatedDecisions: [{ decisionKey: "4", decisionOutput: '"yes"' }],
    },
  });
  expect(decisionOf(parseRecord({ ...event, intent: "FAILED", value }))?.content["state"]).toBe("FAILED");
});

test("the pattern of process definitions does not take the indices of process instances", () => {
  const pattern = indexPattern("zeebe-record", "process");
  const matches = (name: string) => name.startsWith(pattern.slice(0, -1));

  expect(matches("zeebe-record_process_8.6.0_2026-11-21")).toBe(true);
  expect(matches("zeebe-record_process-instance_8.6.0_2026-11-21")).toBe(false);
});
