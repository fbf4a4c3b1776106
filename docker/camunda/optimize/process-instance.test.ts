import { expect, test } from "vitest";
import type { Fields } from "./json.ts";
import { applyRecord, newProcessInstance, type ProcessInstance } from "./process-instance.ts";
import { parseRecord, type RecordType } from "./records.ts";

const instanceKey = "9007199254740993";
const process = {
  bpmnElementType: "PROCESS",
  elementId: "p",
  bpmnProcessId: "p",
  version: 3,
  processDefinitionKey: "2251799813685250",
  parentProcessInstanceKey: -1,
};
const task = { bpmnElementType: "USER_TASK", elementId: "t" };

type Step = readonly [type: RecordType, position: number, intent: string, value: Fields, key?: string];

function applied(steps: readonly Step[], from = newProcessInstance(instanceKey, 4)): ProcessInstance {
  return steps.reduce((instance, [type, position, intent, value, key = instanceKey]) => {
    const source = { key, partitionId: 4, position, timestamp: position * 1000, intent, recordType: "EVENT" };
    return applyRecord(instance, type, parseRecord({ ...source, value }));
  }, from);
}

const life: readonly Step[] = [
  ["process-instance", 10, "ELEMENT_ACTIVATING", process],
  ["process-instance", 11, "ELEMENT_ACTIVATED", process],
  ["process-instance", 12, "ELEMENT_ACTIVATED", task, "31"],
  ["process-instance", 13, "ELEMENT_COMPLETED", task, "31"],
  ["process-instance", 14, "SEQUENCE_FLOW_TAKEN", { bpmnElementType: "SEQUENCE_FLOW" }, "32"],
  ["process-instance", 15, "ELEMENT_COMPLETED", process],
];

test("an instance is active from its activation and ends as completed, with its flow nodes", () => {
  expect(applied(life.slice(0, 3))).toMatchObject({ state: "ACTIVE", version: 3, bpmnProcessId: "p" });
  expect(applied(life)).toEqual({
    processInstanceKey: instanceKey,
    processDefinitionKey: "2251799813685250",
    bpmnProcessId: "p",
    version: 3,
    partitionId: 4,
    state: "COMPLETED",
    startDate: "1970-01-01T00:00:10.000Z",
    endDate: "1970-01-01T00:00:15.000Z",
    variables: {},
    localVariables: {},
    flowNodes: {
      "31": {
        elementId: "t",
        type: "USER_TASK",
        state: "COMPLETED",
        startDate: "1970-01-01T00:00:12.000Z",
        endDate: "1970-01-01T00:00:13.000Z",
      },
    },
    userTasks: {},
    incidents: {},
    importedPositions: { "process-instance": 15 },
  });
});

test("records that come again change nothing, and an old one does not cover a newer state", () => {
  const done = applied(life);

  expect(applied(life, done)).toBe(done);
  expect(applied([["process-instance", 11, "ELEMENT_ACTIVATED", process]], done).state).toBe("COMPLETED");
  expect(applied(life.slice(0, 4), applied(life.slice(0, 2)))).toEqual(applied(life.slice(0, 4)));
});

test("an element that is held up in its activation is active from then on", () => {
  const { flowNodes } = applied([["process-instance", 12, "ELEMENT_ACTIVATING", task, "31"]]);

  expect(flowNodes["31"]).toMatchObject({ state: "ACTIVE", startDate: "1970-01-01T00:00:12.000Z" });
});

test("an ended instance is canceled when it was terminated", () => {
  expect(applied([...life.slice(0, 2), ["process-instance", 19, "ELEMENT_TERMINATED", process]]).state).toBe(
    "CANCELED",
  );
});

test("variables keep value and type, and those of inner scopes are kept apart", () => {
  const variable = (position: number, name: string, value: string, scopeKey = instanceKey): Step => [
    "variable",
    position,
    position < 20 ? "CREATED" : "UPDATED",
    { name, value, scopeKey },
    `${position}`,
  ];

  const { variables, localVariables } = applied([
    variable(10, "text", '"größe"'),
    variable(11, "wide", "9007199254740993"),
    variable(12, "list", "[1, 2]"),
    variable(13, "none", "null"),
    variable(14, "flag", "true"),
    variable(15, "text", '"inner"', "31"),
    variable(21, "flag", "false"),
  ]);

  expect(variables).toEqual({
    text: { value: "größe", type: "String" },
    wide: { value: "9007199254740993", type: "Double" },
    list: { value: "[1, 2]", type: "Object" },
    none: { value: "null", type: "Null" },
    flag: { value: "false", type: "Boolean" },
  });
  expect(localVariables).toEqual({ "15": { name: "text", scopeKey: "31", value: "inner", type: "String" } });
});

test("user tasks and incidents carry their last state", () => {
  const { userTasks, incidents } = applied([
    ["user-task", 20, "CREATED", { elementId: "t", elementInstanceKey: 31, assignee: "" }, "33"],
    ["user-task", 21, "ASSIGNED", { elementId: "t", assignee: "demo" }, "33"],
    ["user-task", 22, "COMPLETING", { elementId: "t", assignee: "nobody" }, "33"],
    ["incident", 23, "CREATED", { elementId: "s", errorType: "JOB_NO_RETRIES", errorMessage: "no" }, "34"],
    ["incident", 24, "RESOLVED", { elementId: "s", errorType: "JOB_NO_RETRIES", errorMessage: "no" }, "34"],
    ["incident", 25, "CREATED", { elementId: "s", errorType: "IO_MAPPING_ERROR" }, "35"],
  ]);

  expect(userTasks).toEqual({
    "33": {
      elementId: "t",
      elementInstanceKey: "31",
      assignee: "demo",
      state: "CREATED",
      startDate: "1970-01-01T00:00:20.000Z",
    },
  });
  expect(incidents).toMatchObject({ "34": { state: "RESOLVED" }, "35": { state: "OPEN" } });
});

test("a command is passed over but its position counts, and a record without a position is refused", () => {
  const command = { partitionId: 4, position: 30, timestamp: 0, recordType: "COMMAND", intent: "X", key: -1 };
  const before = applied(life);

  expect(applyRecord(before, "process-instance", parseRecord(command))).toEqual({
    ...before,
    importedPositions: { "process-instance": 30 },
  });
  expect(() => parseRecord({ partitionId: 1, timestamp: 0 })).toThrow("a record has no position");
});
