import type { Report } from "../core/report.ts";
import { oneLine, resultWords, visible } from "./words.ts";

interface Case {
  readonly group: string;
  readonly name: string;
  readonly seconds: number;
  /**
   * `error` for what could not be told: most readers of this format show a skipped test as green. `skipped` is only for
   * what was never begun, beside a result that says so.
   */
  readonly problem:
    | { readonly kind: "failure" | "error" | "skipped"; readonly message: string; readonly text: string }
    | undefined;
}

/**
 * JUnit XML: one suite for the run, one case for its result and for each step, invariant, control and objective. The case of
 * the result is always there, so that a run which checked nothing is no empty, green suite.
 */
export function renderJunit(report: Report): string {
  const cases = [
    resultCase(report),
    ...stepCases(report),
    ...checkCases(report),
    ...controlCases(report),
    ...objectiveCases(report),
  ];
  const count = (kind: "failure" | "error" | "skipped") =>
    cases.filter(({ problem }) => problem?.kind === kind).length;
  const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="muster" tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds}">`,
    `  <testsuite name=${quote(report.drill)} tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" timestamp=${quote(report.startedAt)} time="${seconds}">`,
    ...cases.map((item) => renderCase(report.drill, item)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function resultCase({ result, because, startedAt, endedAt }: Report): Case {
  return {
    group: "run",
    name: "result",
    seconds: (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
    problem:
      result === "verified"
        ? undefined
        : {
            kind: result === "not-verified" ? "failure" : "error",
            message: `${resultWords[result]}: ${because}`,
            text: "",
          },
  };
}

/** Steps of the runbook, and Muster's own looking: what was not begun is skipped, and one that ended badly failed. */
function stepCases({ steps }: Report): Case[] {
  return steps.map(({ phase, id, component, beganAt, durationMs, exitCode, message }) => ({
    group: phase,
    name: `${id} (${component})`,
    seconds: (durationMs ?? 0) / 1000,
    problem:
      beganAt === null
        ? { kind: "skipped", message: "not begun", text: "" }
        : exitCode === 0
          ? undefined
          : {
              kind: exitCode === null ? "error" : "failure",
              message: exitCode === null ? "did not end" : `exit status ${exitCode}`,
              text: message,
            },
  }));
}

function checkCases({ checks }: Report): Case[] {
  return checks.map(({ id, verdict, why, findings, findingCount }) => ({
    group: "invariant",
    name: id,
    seconds: 0,
    problem:
      verdict === "pass"
        ? undefined
        : {
            kind: verdict === "fail" ? "failure" : "error",
            message: why,
            text: [
              ...findings.map(
                ({ gate, component, kind, subject, expected, actual, because }) =>
                  `${gate} ${component} ${kind} ${subject}: expected ${expected}, seen ${actual}; ${because}`,
              ),
              ...(findingCount > findings.length
                ? [`${findingCount - findings.length} more are not listed`]
                : []),
            ].join("\n"),
          },
  }));
}

function controlCases({ controls }: Report): Case[] {
  if (controls.list.length === 0) {
    const problem = { kind: "skipped", message: "no control was run", text: "" } as const;
    return [{ group: "control", name: "controls", seconds: 0, problem }];
  }
  return controls.list.map(({ id, outcome, why, durationMs }) => ({
    group: "control",
    name: id,
    seconds: durationMs / 1000,
    problem:
      outcome === "caught" || outcome === "refused" || outcome === "harmless"
        ? undefined
        : { kind: outcome === "unknown" ? "error" : "failure", message: `${outcome}: ${why}`, text: "" },
  }));
}

function objectiveCases({ objectives }: Report): Case[] {
  return objectives.map(({ id, target, measured, met }) => ({
    group: "objective",
    name: id,
    seconds: 0,
    problem:
      met === true
        ? undefined
        : { kind: met === false ? "failure" : "error", message: `${measured}, target ${target}`, text: "" },
  }));
}

function renderCase(drill: string, { group, name, seconds, problem }: Case): string {
  const head = `    <testcase classname=${quote(`${drill}.${group}`)} name=${quote(name)} time="${seconds}"`;
  if (problem === undefined) return `${head}/>`;
  return `${head}><${problem.kind} message=${quote(problem.message)}>${escape(problem.text)}</${problem.kind}></testcase>`;
}

function quote(text: string): string {
  return `"${escape(oneLine(text)).replaceAll('"', "&quot;")}"`;
}

/** Control characters may not stand in XML at all, not even escaped: `visible` spells them out. */
function escape(text: string): string {
  return visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
