import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { GenericContainer, Wait, type StartedTestContainer } from "testcontainers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportSchema, type Report } from "../core/report.ts";
import { renderHtml } from "../report/html.ts";
import { renderIndex } from "../report/html-index.ts";
import { writeReports } from "../report/write.ts";
import { packageFolder } from "../run/project.ts";
import { resolveImages } from "../stack/images.ts";
import { printPage } from "../stack/print-page.ts";
import { Browser, type BrowserPage } from "../stores/browser.ts";

/** The pages as a reader meets them: in Chromium, built from Debian where it cannot be pulled, at a desk and on a phone. */

const require = createRequire(import.meta.url);
const setUpLimitMs = 600_000;
const sizes = { desk: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } } as const;
const options = { projectFolder: packageFolder, log: (line: string) => process.stderr.write(`${line}\n`) };

const reports: Record<"verified" | "not-verified", Report> = {
  verified: await sample("verified"),
  "not-verified": await sample("not-verified"),
};
const pages: Readonly<Record<string, string>> = {
  verified: renderHtml(reports.verified),
  "not-verified": renderHtml(reports["not-verified"]),
  index: renderIndex([
    ...[0, 1, 2].map((at) => ({
      path: `sample/cold/${at}`,
      report: later(reports.verified, at),
      problem: "",
    })),
    { path: "sample/bad/1", report: reports["not-verified"], problem: "" },
    { path: "sample/killed/1", report: undefined, problem: "no report.json" },
  ]),
};

let container: StartedTestContainer;
let browser: Browser;
let axe = "";

beforeAll(async () => {
  const image = (await resolveImages({ BROWSER_IMAGE: "chromium" }, options)).get("BROWSER_IMAGE");
  container = await new GenericContainer(image?.image ?? "")
    .withExposedPorts(9222)
    .withCopyContentToContainer(
      Object.entries(pages).map(([name, content]) => ({ content, target: `/tmp/${name}.html`, mode: 0o644 })),
    )
    .withWaitStrategy(Wait.forHttp("/json/version", 9222))
    .start();
  browser = await Browser.connect({ host: container.getHost(), port: container.getMappedPort(9222) });
  axe = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");
}, setUpLimitMs);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await container.stop();
});

async function sample(name: string): Promise<Report> {
  const text = await readFile(join(packageFolder, "fixtures/reports", `${name}.json`), "utf8");
  return reportSchema.parse(JSON.parse(text));
}

function later(report: Report, days: number): Report {
  const startedAt = new Date(Date.parse(report.startedAt) + days * 86_400_000).toISOString();
  const rtoMs = (report.recovery.rtoMs ?? 0) + days * 10_000;
  return { ...report, startedAt, recovery: { ...report.recovery, rtoMs } };
}

async function openPage(
  name: string,
  look: { size?: keyof typeof sizes; colors?: "light" | "dark"; scripts?: boolean } = {},
): Promise<BrowserPage> {
  const page = await browser.open();
  const { size = "desk", colors = "light", scripts = true } = look;
  await page.show({ ...sizes[size], colors, scripts });
  await page.goTo(`file:///tmp/${name}.html`);
  return page;
}

/** Rules that are broken, each with the first elements that break it. */
async function violationsOf(page: BrowserPage): Promise<unknown> {
  return await page.evaluate(
    `(async () => {
      document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
      ${axe};
      const { violations, passes } = await axe.run(document);
      return {
        judged: passes.length > 10,
        violations: violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + " " + failureSummary).join(" | ")),
      };
    })()`,
  );
}

describe.each(Object.keys(pages))("the page %s", (name) => {
  for (const size of ["desk", "phone"] as const) {
    for (const colors of ["light", "dark"] as const) {
      test(`breaks no rule of accessibility and fits a ${size}, ${colors}`, async () => {
        await using page = await openPage(name, { size, colors });
        expect(await violationsOf(page)).toEqual({ judged: true, violations: [] });
        expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(
          0,
        );
        expect(await page.evaluate("performance.getEntriesByType('resource').length")).toBe(0);
      });
    }
  }

  test("says the same without scripts, and has nothing dead on it", async () => {
    await using still = await openPage(name, { scripts: false });
    await using lively = await openPage(name);
    expect(await still.texts("h1")).toEqual(await lively.texts("h1"));
    expect((await still.texts("tbody tr")).length).toBeGreaterThan(0);
    expect(await still.texts("tbody tr")).toEqual(await lively.texts("tbody tr"));
    expect(await still.texts("button, input")).toEqual([]);
  });

  test("prints to a PDF with its folds open", async () => {
    const pdf = await printPage(pages[name] ?? "", options);
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(pdf.toString("latin1").match(/\/Type \/Page\b/g)?.length ?? 0).toBeGreaterThan(0);
  });
});

test("findings are filtered by words, and all come back when the words are gone", async () => {
  await using page = await openPage("not-verified");
  const shown = async () =>
    await page.evaluate(
      `[...document.querySelectorAll(".scroll tbody tr, .findings > li")].filter((row) => !row.hidden).length`,
    );
  const all = await shown();
  const field = `input[type=search]`;
  await page.fill(field, "no such words anywhere");
  expect(await page.texts(".filter output")).toContainEqual(expect.stringMatching(/^0 of \d+$/));
  expect(await shown()).toBeLessThan(Number(all));
  await page.evaluate(
    `(() => { const field = document.querySelector("${field}"); field.value = ""; field.dispatchEvent(new Event("input")); })()`,
  );
  expect(await shown()).toBe(all);
});

test("a finding is copied with both sides, and every fold opens and closes at once", async () => {
  await using page = await openPage("not-verified");
  await page.evaluate(
    `Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied = text; } } })`,
  );
  await page.click("button.copy");
  expect(await page.evaluate("window.copied")).toMatch(/Expected: .+\n\s+Seen: .+\n\s+Because: .+/);
  const open = async () => await page.evaluate(`document.querySelectorAll("details:not([open])").length`);
  await page.click("button.fold");
  expect(await open()).toBe(0);
  await page.click("button.fold");
  expect(await page.evaluate(`document.querySelectorAll("details[open]").length`)).toBe(0);
});

test("the Allure command line makes a site of the results, with every result on it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "muster-allure-"));
  try {
    const report = reports["not-verified"];
    expect(await writeReports(report, folder)).toEqual([]);
    const program = join(packageFolder, "node_modules/.bin/allure");
    const words = ["generate", join(folder, "allure-results"), "--output", join(folder, "site")];
    await promisify(execFile)(program, words, { cwd: folder });
    expect((await stat(join(folder, "site/index.html"))).size).toBeGreaterThan(0);
    const summary = JSON.parse(await readFile(join(folder, "site/summary.json"), "utf8"));
    expect(summary.stats.total).toBe(1 + report.checks.length + report.controls.list.length);
  } finally {
    await rm(folder, { recursive: true });
  }
});
