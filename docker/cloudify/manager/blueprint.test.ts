import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readPlan } from "./blueprint.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cloudify-blueprint-"));
});
afterEach(async () => await rm(folder, { recursive: true }));

async function planOf(text: string) {
  await writeFile(join(folder, "blueprint.yaml"), text);
  return await readPlan(folder, "blueprint.yaml");
}

test("nodes, inputs and workflows become the plan; three workflows are always there", async () => {
  const plan = await planOf(`
inputs: { size: { default: 3 }, name: {} }
node_templates: { one: { type: cloudify.nodes.Root } }
workflows: { note: { mapping: effects.record, parameters: { text: { default: a } } }, short: effects.fail }
`);
  expect(plan.inputs).toEqual({ size: { default: 3 }, name: {} });
  expect(plan.nodes).toEqual([{ id: "one", type: "cloudify.nodes.Root", properties: {}, instances: 1 }]);
  expect(plan.workflows.map(({ name, operation }) => `${name} ${operation}`)).toEqual([
    "install cloudify.plugins.workflows.install",
    "uninstall cloudify.plugins.workflows.uninstall",
    "execute_operation cloudify.plugins.workflows.execute_operation",
    "note record",
    "short fail",
  ]);
});

test("a workflow that the stand-in cannot run is refused when the blueprint is uploaded", async () => {
  await expect(planOf("workflows: { x: { mapping: script.run } }")).rejects.toThrow(
    "this stand-in knows effects.record, effects.wait, effects.fail, not script.run",
  );
});

test("a main file that is not there is refused", async () => {
  await expect(readPlan(folder, "other.yaml")).rejects.toThrow("other.yaml does not exist");
});
