import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lexer } from "marked";
import { describe, expect, test } from "vitest";
import { isAsExpected, reportSchema, type Report } from "../core/report.ts";
import { renderHtml } from "./html.ts";
import { renderJson } from "./json.ts";
import { renderJunit } from "./junit.ts";
import { renderMarkdown } from "./markdown.ts";
import { renderText } from "./text.ts";
import { scheduleWords, shownSchedulesOf } from "./schedules.ts";
import { durationWords, lossGap, visible } from "./words.ts";
import { writeReports } from "./write.ts";

const samples = join(import.meta.dirname, "../../fixtures/reports");

async function sample(name: "verified" | "not-verified"): Promise<Report> {
  return reportSchema.parse(JSON.parse(await readFile(join(samples, `${name}.json`), "utf8")));
}

describe("the sample reports", () => {
  test("a verified run fits on a screen, aligned, with the result first", async () => {
    expect(renderText(await sample("verified"), { color: false, runFolder: "reports/sample" })).toBe(`
VERIFIED  sample/cold
  every acknowledged write was counted after the restore: 5 invariants hold, and 2 of 2 sabotaged restores were
  noticed

  recovery    2 min 24 s; most of it restore-rows 1 min 02 s, restore-search 38.5 s, start-application 22.4 s
  loss        0 acknowledged writes lost, 0 deleted came back, 0 unexplained
  records                  baseline  restored  started
              api             1,200         –    1,200
              attachments       300       300      300
              rows            1,200     1,200    1,203
              search          1,200     1,200    1,200

  checks      5 pass, 0 fail, 0 unknown
  schedules   1 in all, 1 late; worst lateness 35.2 s; 0 repeated effects
  controls    2 of 2 sabotaged restores noticed
              blob-bit-flip-sealed  42.3 s  caught by blobs-match-digest at restored
              blob-bit-flip         42.3 s  refused by the runbook

  not proven  stand-in api: speaks the product's public API, version 1; the product itself cannot be obtained
              one node of each store: replication and repair were not exercised
              data at scale "small", made from seed 7; one machine
              and 1 more in the report
  report      reports/sample/report.html
`);
  });

  test("the orders that were tried are printed whole", async () => {
    const report = await sample("verified");
    const [control] = report.controls.list;
    if (control === undefined) throw new Error("the sample has no control");
    const steps = report.steps
      .filter(({ phase }) => phase === "restore")
      .map((step, at) => ({ ...step, planned: at + 1 }));
    const list = steps.map(({ id }) => ({
      ...control,
      id: `omit-${id}-sealed`,
      outcome: "harmless" as const,
    }));
    const text = renderText(
      { ...report, steps, controls: { ...report.controls, list } },
      { color: false, runFolder: "." },
    );
    const lines = text.split("\n");
    const matrix = lines.slice(lines.findIndex((line) => line.startsWith("  orders")) + 1);
    expect(steps.length).toBeGreaterThan(3);
    expect(matrix.slice(0, steps.length).map((line) => line.trim().split(/ {2,}/))).toEqual(
      steps.map(({ id }) => [id, "harmless, 42.3 s", "–"]),
    );
  });

  test("no text of the subject reaches a terminal as an escape sequence or turns the direction of writing", async () => {
    const report = await sample("not-verified");
    for (const text of [
      renderText(report, { color: false, runFolder: "." }),
      renderHtml(report),
      renderMarkdown(report),
      renderJunit(report),
    ])
      expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
  });

  test("the page loads nothing, runs nothing but its own script, and its headings go down one level at a time", async () => {
    for (const name of ["verified", "not-verified"] as const) {
      const page = renderHtml(await sample(name));
      const scripts = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script]) => script ?? "");
      const [hash] = scripts.map((script) => createHash("sha256").update(script).digest("base64"));
      expect(scripts).toHaveLength(1);
      expect(page).toContain(
        `content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'"`,
      );
      expect(page).not.toMatch(/<script |<img|<link|<iframe|url\((?!#)|@import|https?:/);
      const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
      expect(levels[0]).toBe(1);
      for (const [at, level] of levels.entries())
        expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1);
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("a control that was missed or misattributed is a failure in JUnit, one that could not tell an error", async () => {
    const xml = renderJunit(await sample("not-verified"));
    const problemOf = (name: string) => new RegExp(`name="${name}"[^>]*>(?:<(\\w+))?`).exec(xml)?.[1];
    expect(["result", "index-older", "rows-swapped", "no-effect", "blob-bit-flip"].map(problemOf)).toEqual([
      "failure",
      "failure",
      "failure",
      "error",
      undefined,
    ]);
  });

  test("a run that checked nothing is no empty, green suite", async () => {
    const report = await sample("verified");
    const empty: Report = {
      ...report,
      result: "inconclusive",
      because: "nothing was checked",
      steps: [],
      checks: [],
      objectives: [],
      controls: { ...report.controls, list: [] },
    };
    expect(renderJunit(empty)).toContain('tests="2" failures="0" errors="1" skipped="1"');
  });

  test("loss of a run that never looked after a restore is not measured, never zero", async () => {
    const report = await sample("verified");
    const nothing = { lostAcknowledged: null, resurrected: null, unexplained: null };
    const rpo = {
      ...report.recovery.rpo,
      ...nothing,
      perComponent: report.recovery.rpo.perComponent.map((row) => ({ ...row, ...nothing })),
    };
    const blind: Report = { ...report, recovery: { ...report.recovery, rpo } };
    expect(lossGap(report)).toBeUndefined();
    expect(renderText(blind, { color: false, runFolder: "." })).toContain(
      "  loss        not measured: nothing was looked at after a restore\n",
    );
    expect(renderMarkdown(blind)).toContain("| Acknowledged writes lost | not measured |");
    expect(renderHtml(blind)).toContain("<dt>acknowledged writes lost</dt><dd>not measured</dd>");
  });

  test("a drill that shows a weakness says whether the run ended as it expects", async () => {
    const report = await sample("not-verified");
    const shown = (changed: Report) => renderText(changed, { color: false, runFolder: "." });
    expect(shown(report)).toContain(
      "  as expected by the drill: NOT VERIFIED, with findings by acknowledged-writes-survive\n",
    );
    const passing = {
      ...report,
      checks: report.checks.map((check) => ({ ...check, verdict: "pass" as const })),
    };
    expect(isAsExpected(passing)).toBe(false);
    expect(shown(passing)).toContain("  NOT as expected by the drill, which expects NOT VERIFIED");
    expect(isAsExpected({ ...report, result: "inconclusive" })).toBe(false);
    expect(isAsExpected(await sample("verified"))).toBeUndefined();
  });

  test("every table of the Markdown report is one to a reader of Markdown", async () => {
    const markdown = renderMarkdown(await sample("not-verified"));
    const heads = markdown.split("\n").filter((line) => /^\| (?:---(?: \||$))/.test(line)).length;
    const tables = new Lexer().lex(markdown).filter(({ type }) => type === "table");
    expect(tables.length).toBeGreaterThan(3);
    expect(tables).toHaveLength(heads);
  });

  test("how late executions were is drawn and said; cases stand with what was expected and seen", async () => {
    const report: Report = {
      ...(await sample("verified")),
      lateness: {
        count: 1_204,
        early: 4,
        ...{ p50Ms: 41, p95Ms: 95, p99Ms: 2_400, maxMs: 12_000 },
        spans: [
          { fromMs: null, toMs: 0, count: 4 },
          { fromMs: 0, toMs: 50, count: 1_150 },
          { fromMs: 50, toMs: 10_000, count: 49 },
          { fromMs: 10_000, toMs: null, count: 1 },
        ],
      },
      cases: [
        { kind: "row", id: "S2", outcome: "ok", words: "expected failed; seen failed" },
        { kind: "row", id: "S3", outcome: "fail", words: "expected one run; seen none" },
      ],
    };
    const words =
      "1,204 executions since the restore, 4 of them early; half within 41 ms, 95 % within 95 ms, 99 % within 2.4 s, all within 12.0 s";
    expect(renderText(report, { color: false, runFolder: "." }).replaceAll(/\s+/g, " ")).toContain(words);
    const page = renderHtml(report);
    expect(page).toContain(words);
    for (const part of ["early", "up to 50 ms", "50 ms to 10.0 s", "more than 10.0 s", "1,150"])
      expect(page).toContain(part);
    expect(page).toContain("1 of 2 cases ended as expected");
    expect(page).toContain("expected one run; seen none");
    const markdown = renderMarkdown(report);
    expect(markdown).toContain("| up to 50 ms | 1,150 |");
    expect(markdown).toContain("| S3 | fail | expected one run; seen none |");
  });

  test("of schedules the serious ones stand first, a limited number is listed, and all are counted", async () => {
    const report = await sample("not-verified");
    const many: Report = {
      ...report,
      schedules: [
        ...Array.from({ length: 50 }, (_, index) => ({
          id: `on-time-${index}`,
          dueAt: index,
          policy: "fire-late",
          firings: 1,
          firedAt: index,
          latenessMs: null,
          state: "on-time" as const,
        })),
        ...report.schedules,
      ],
    };
    expect(scheduleWords(many)).toBe(
      "53 in all, 1 lost, 50 on time, 1 going on; worst lateness 1 min 00 s; 1 repeated effect",
    );
    const { rows, more } = shownSchedulesOf(many);
    expect({ first: rows.slice(0, 2).map(({ id }) => id), listed: rows.length, more }).toEqual({
      first: ["reminder-8", "reminder-7"],
      listed: 40,
      more: 13,
    });
    expect(renderHtml(many)).toContain("and 13 more in report.json");
    expect(renderMarkdown(many)).toContain("13 more schedules in the report.");
  });

  test("the order of keys does not depend on who made the report", async () => {
    const report = await sample("not-verified");
    const turned = Object.fromEntries(Object.entries(report).toReversed()) as Report;
    expect(renderJson(turned)).toBe(renderJson(report));
  });

  test("the same run gives the same Allure files, and one broken format does not keep the others away", async () => {
    const folder = await mkdtemp(join(tmpdir(), "muster-report-"));
    try {
      const report = await sample("not-verified");
      await mkdir(join(folder, "report.html"));
      const problems = await writeReports(report, folder);
      expect(problems).toEqual([expect.stringMatching(/^report\.html could not be written: /)]);
      const first = await readdir(join(folder, "allure-results"));
      await writeReports(report, folder);
      expect(await readdir(join(folder, "allure-results"))).toEqual(first);
      expect((await readdir(folder)).toSorted()).toEqual([
        "allure-results",
        "junit.xml",
        "report.html",
        "report.json",
        "report.md",
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

test("lengths of time change their unit where it is easier to read", () => {
  expect([null, 0, 999, 1000, 59_949, 59_950, 3_599_400, 3_600_000].map(durationWords)).toEqual([
    "not measured",
    "0 ms",
    "999 ms",
    "1.0 s",
    "59.9 s",
    "1 min 00 s",
    "59 min 59 s",
    "1 h 00 min",
  ]);
});

test("characters that cannot be seen are spelled out, and letters of every script stay", () => {
  expect(visible("a\u001b[31m\u202eb\r\nc\td\ud800 é 記録 👩‍🚀")).toBe(
    "a\\u{1b}[31m\\u{202e}b\nc\td\ufffd é 記録 👩‍🚀",
  );
});
