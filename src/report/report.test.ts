import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { drillJsonSchema } from "../core/drill.ts";
import type { Report } from "../core/report.ts";
import { renderHtml } from "./html.ts";
import { renderJson, reportJsonSchema } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderText } from "./text.ts";
import { writeReports } from "./write.ts";

const hostile = `<script>alert("x")</script> & 'q' | \u0007 ünïcode 砂`;
const docs = join(import.meta.dirname, "../../docs");

/** A run that was not verified, with every kind of row and with text that must not become markup. */
const sample: Report = {
  formatVersion: 1,
  result: "not-verified",
  because: `1 finding: ${hostile}`,
  expected: { result: "not-verified", invariants: [hostile] },
  drill: "shop/cold",
  system: "shop",
  systemTitle: "A shop",
  mode: "cold",
  variant: "own",
  seed: 1,
  scale: "small",
  startedAt: "2026-01-01T00:00:00.000Z",
  endedAt: "2026-01-01T00:01:00.000Z",
  runId: "run-1",
  musterVersion: "0.1.0",
  runbook: { file: "own.runbook.md", sha256: "ab", title: "Own" },
  components: [{ id: "files", store: "files", service: "shop", image: "i", digest: "d", standIn: hostile }],
  counts: [{ component: "files", kind: "blob", baseline: 2, restored: 1, started: null }],
  recovery: {
    rtoMs: 1500,
    phases: [{ id: "copy", component: "files", beganAt: 1, durationMs: 900 }],
    rpo: { lostAcknowledged: 1, resurrected: 0, unexplained: 0, windowMs: 10, perComponent: [] },
  },
  steps: [
    {
      phase: "restore",
      id: "copy",
      component: "files",
      planned: 1,
      beganAt: 1,
      durationMs: 900,
      exitCode: 1,
      message: hostile,
    },
  ],
  checks: [
    {
      id: "blobs",
      title: "Blobs",
      verdict: "fail",
      gates: [{ gate: "restored", verdict: "fail", judged: 2, findings: 1, why: "2 judged" }],
      findings: [
        {
          invariant: "blobs",
          gate: "restored",
          component: "files",
          kind: "blob",
          subject: hostile,
          expected: "a",
          actual: "b",
          because: "c",
        },
      ],
      findingCount: 1,
      why: hostile,
    },
    {
      id: "other",
      title: "Other",
      verdict: "unknown",
      gates: [],
      findings: [],
      findingCount: 0,
      why: "nothing to judge",
    },
  ],
  controls: {
    injected: 1,
    caught: 0,
    missed: ["flip"],
    misattributed: [],
    unknown: [],
    rate: 0,
    list: [
      {
        id: "flip",
        title: "Flip",
        source: "s",
        outcome: "missed",
        expectedInvariants: ["blobs"],
        caughtBy: [],
        gate: null,
        sealed: true,
        healthy: false,
        step: null,
        durationMs: 5,
        effects: [{ subject: hostile, before: "1", after: "2" }],
        why: hostile,
        findings: [],
      },
    ],
  },
  schedules: [
    {
      id: hostile,
      dueAt: 1,
      policy: hostile,
      firings: 1,
      firedAt: 90_001,
      latenessMs: 90_000,
      state: "repeated",
    },
    { id: "far", dueAt: 2, policy: "cycle", firings: 0, firedAt: null, latenessMs: null, state: "not-due" },
  ],
  lateness: {
    count: 3,
    early: 1,
    ...{ p50Ms: 40, p95Ms: 90_000, p99Ms: 90_000, maxMs: 90_000 },
    spans: [
      { fromMs: null, toMs: 0, count: 1 },
      { fromMs: 0, toMs: 60_000, count: 1 },
      { fromMs: 60_000, toMs: null, count: 1 },
    ],
  },
  cases: [
    { kind: "row", id: hostile, outcome: "fail", words: `expected one; seen ${hostile}` },
    { kind: "row", id: "held", outcome: "ok", words: "expected one, seen one" },
  ],
  objectives: [{ id: "rto", target: "at most 1 s", measured: "1.5 s", met: false }],
  interventions: [{ after: "backup", command: hostile, exitCode: 0 }],
  limits: [hostile],
  journal: { entries: 3, headHash: "cd" },
  files: [{ path: "plan.json", sha256: "ef", bytes: 4 }],
};

describe("reports", () => {
  test("the shipped schemas are those of the code, and a report is valid under its own", async () => {
    expect(await readFile(join(docs, "report.schema.json"), "utf8")).toBe(reportJsonSchema());
    expect(await readFile(join(docs, "drill.schema.json"), "utf8")).toBe(drillJsonSchema());
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(reportJsonSchema()),
    );
    expect(validate(JSON.parse(renderJson(sample)))).toBe(true);
    expect(validate({ ...sample, result: "green" })).toBe(false);
    expect(validate({ ...sample, invented: 1 })).toBe(false);
  });

  test("text of the subject never becomes markup of the page", () => {
    const page = renderHtml(sample);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).not.toContain("<script>alert");
    expect(page).toContain("&lt;script&gt;");
    expect(page).not.toMatch(/\b(src|href)="http/);
  });

  test("the page leads with the result in words, and labels stand-ins", () => {
    const page = renderHtml(sample);
    expect(page.indexOf("NOT VERIFIED")).toBeLessThan(page.indexOf("What this run does not prove"));
    expect(page).toContain('<span class="badge odd">stand-in</span>');
  });

  test("in JUnit a failed check is a failure, and one that could not tell is an error, never green", () => {
    const xml = renderJunit(sample);
    expect(xml).toContain('tests="6" failures="5" errors="1" skipped="0"');
    expect(xml).toContain(
      '<testcase classname="shop/cold.invariant" name="other" time="0"><error message="nothing to judge">',
    );
    expect(xml).not.toContain("\u0007");
  });

  test("in JUnit a step that was not begun is skipped, one that did not end an error, and so is a run without controls", () => {
    const step = { phase: "restore", component: "files", planned: 1, durationMs: null, message: "" };
    const xml = renderJunit({
      ...sample,
      steps: [
        { ...step, id: "never", beganAt: null, exitCode: null },
        { ...step, id: "cut-off", beganAt: 1, exitCode: null },
      ],
      controls: { ...sample.controls, list: [] },
    });
    expect(xml).toContain('name="never (files)" time="0"><skipped message="not begun">');
    expect(xml).toContain('name="cut-off (files)" time="0"><error message="did not end">');
    expect(xml).toContain('name="controls" time="0"><skipped message="no control was run">');
  });

  test("a summary keeps its tables whole when the subject's text has bars and newlines", () => {
    const rows = renderMarkdown(sample)
      .split("\n")
      .filter((line) => line.startsWith("| blobs"));
    expect(rows.map((line) => line.replaceAll("\\|", "").split("|").length)).toEqual([6]);
  });

  test("the text leads with the result and names the finding with both sides", () => {
    const text = renderText(sample, { color: false, runFolder: "reports/x" });
    expect(text.trimStart().startsWith("NOT VERIFIED  shop/cold")).toBe(true);
    expect(text).toContain("expected a; seen b");
  });

  test("every format is written, and Allure gets one result for the run and for each check and control", async () => {
    const folder = await mkdtemp(join(tmpdir(), "muster-report-"));
    try {
      expect(await writeReports(sample, folder)).toEqual([]);
      expect((await readdir(folder)).toSorted()).toEqual([
        "allure-results",
        "junit.xml",
        "report.html",
        "report.json",
        "report.md",
      ]);
      const results = (await readdir(join(folder, "allure-results"))).filter((name) =>
        name.endsWith("-result.json"),
      );
      expect(results).toHaveLength(4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
