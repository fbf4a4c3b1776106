import type { Report } from "../core/report.ts";

interface Case {
  readonly group: string;
  readonly name: string;
  readonly seconds: number;
  /** `error` for what could not be told: a skipped test would look green to most readers of this format. */
  readonly problem:
    { readonly kind: "failure" | "error"; readonly message: string; readonly text: string } | undefined;
}

/** JUnit XML: one suite for the run, one case for each invariant, control and objective. */
export function renderJunit(report: Report): string {
  const cases = [...checkCases(report), ...controlCases(report), ...objectiveCases(report)];
  const count = (kind: "failure" | "error") => cases.filter(({ problem }) => problem?.kind === kind).length;
  const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="muster" tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" time="${seconds}">`,
    `  <testsuite name=${quote(report.drill)} tests="${cases.length}" failures="${count("failure")}" errors="${count("error")}" timestamp=${quote(report.startedAt)} time="${seconds}">`,
    ...cases.map((item) => renderCase(report.drill, item)),
    "  </testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function checkCases({ checks }: Report): Case[] {
  return checks.map(({ id, verdict, why, findings }) => ({
    group: "invariant",
    name: id,
    seconds: 0,
    problem:
      verdict === "pass"
        ? undefined
        : {
            kind: verdict === "fail" ? "failure" : "error",
            message: why,
            text: findings
              .map(
                (finding) =>
                  `${finding.gate} ${finding.component} ${finding.kind} ${finding.subject}: expected ${finding.expected}, seen ${finding.actual}`,
              )
              .join("\n"),
          },
  }));
}

function controlCases({ controls }: Report): Case[] {
  return controls.list.map(({ id, outcome, why, durationMs }) => ({
    group: "control",
    name: id,
    seconds: durationMs / 1000,
    problem:
      outcome === "caught" || outcome === "refused"
        ? undefined
        : { kind: outcome === "missed" ? "failure" : "error", message: `${outcome}: ${why}`, text: "" },
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
  return `"${escape(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;")}"`;
}

/** Control characters may not stand in XML at all, not even escaped. */
// oxlint-disable-next-line no-control-regex
const notInXml = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function escape(text: string): string {
  return text
    .replaceAll(notInXml, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}
