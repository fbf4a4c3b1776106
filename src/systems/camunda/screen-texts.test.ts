import { expect, test } from "vitest";
import { linesBefore, linesOf, processesIn, stateIn, withStates } from "./screen-texts.ts";

test("processes are named once with their versions, however many instances they have", () => {
  const shown = (count: number) =>
    `5 Running Process Instances in total\n\t\n0\nUser task – ${count} Instances in 1 Version\n5\n` +
    `Two – steps – 1 Instance in 2 Versions\n1\nThere are no incidents on any instances.`;
  expect(processesIn(shown(5))).toEqual(["Two – steps: 2 version(s)", "User task: 1 version(s)"]);
  expect(processesIn(shown(0))).toEqual(processesIn(shown(5)));
  expect(processesIn("Process Instances by Name\n\n")).toEqual([]);
});

test("lines are what shows, cell by cell", () => {
  expect(linesOf(`assignee\n\t\n"demo"\n\t\n\n`)).toEqual(["assignee", `"demo"`]);
  expect(linesOf(" \n\t")).toEqual([]);
  expect(linesBefore("Details", "Task\nDetails\nCreation date\n9:57 AM")).toEqual(["Task"]);
  expect(linesBefore("Details", "Task\n")).toEqual(["Task"]);
});

test("a state comes from the icon beside the name, and a missing one is empty", () => {
  expect(stateIn("ACTIVE-icon")).toBe("ACTIVE");
  expect(stateIn("state-overlay-active")).toBe("");
  expect(withStates(["start", "Approve"], ["COMPLETED-icon"])).toEqual(["start: COMPLETED", "Approve: "]);
});
