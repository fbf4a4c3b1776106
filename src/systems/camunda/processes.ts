import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Of } from "../../stores/digest.ts";

/** The resources of fixtures/camunda: processes, a decision, a form. */

export interface Resource {
  readonly file: string;
  readonly text: string;
  readonly kind: "definition" | "decision" | "form";
  /** Id inside the resource, with its version; every resource is deployed once. */
  readonly id: string;
  readonly digest: string;
}

/** Cycles and dates of timer start events begin with the deployment, so they are filled in when it is made. */
export interface StartTimes {
  readonly finiteCycle: string;
  readonly infiniteCycle: string;
  readonly startDate: string;
}

const extensions = { ".bpmn": "definition", ".dmn": "decision", ".form": "form" } as const;
const suffixes = { ".bpmn": "", ".dmn": "-requirements", ".form": "-form" } as const;

/** Every resource of a folder but the templates. */
export function readResources(folder: string): Resource[] {
  const names = readdirSync(folder).filter((name) => extensionOf(name) !== undefined);
  return names.toSorted().map((name) => resourceOf(name, readFileSync(join(folder, name), "utf8")));
}

/** Processes that start by themselves. */
export function readStartTimers(folder: string, times: StartTimes): Resource[] {
  const values: readonly (readonly [string, string])[] = [
    ["timer-start-finite", times.finiteCycle],
    ["timer-start-infinite", times.infiniteCycle],
    ["timer-start-date", times.startDate],
  ];
  return values.map(([name, value]) => {
    const template = readFileSync(join(folder, `${name}.bpmn.template`), "utf8");
    return resourceOf(`${name}.bpmn`, template.replaceAll(/\{\{(?:cycle|date)\}\}/g, value));
  });
}

function resourceOf(file: string, text: string): Resource {
  const extension = extensionOf(file) ?? ".bpmn";
  const base = file.slice(0, -extension.length);
  // Processes are called as their files; of a decision table the requirements are kept, which hold its text.
  const id = `${base}${suffixes[extension]}`;
  return { file, text, kind: extensions[extension], id: `${id}:1`, digest: sha256Of(text) };
}

function extensionOf(name: string): keyof typeof extensions | undefined {
  return (Object.keys(extensions) as (keyof typeof extensions)[]).find((extension) =>
    name.endsWith(extension),
  );
}
