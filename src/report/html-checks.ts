import type { CheckResult, Report } from "../core/report.ts";
import { badge, code, details, escape, section, table } from "./html-parts.ts";
import { countWords, numberWords, shownGates } from "./words.ts";

type Finding = CheckResult["findings"][number];

/** Findings of one group that are shown without a click. */
const openFindings = 5;
const order = { fail: 0, unknown: 1, pass: 2 } as const;

/** Every invariant with its verdict and how much it judged at each gate, then the findings by invariant. */
export function checkSection({ checks }: Report): string {
  const sorted = checks.toSorted((left, right) => order[left.verdict] - order[right.verdict]);
  const gates = shownGates.filter((gate) =>
    checks.some((check) => check.gates.some((at) => at.gate === gate)),
  );
  const rows = sorted.map((check) => [
    `${escape(check.title)}<br>${code(check.id)}`,
    badge(check.verdict),
    ...gates.map((gate) => {
      const at = check.gates.find((candidate) => candidate.gate === gate);
      return at === undefined ? "–" : numberWords(at.judged);
    }),
    numberWords(check.findingCount),
    check.verdict === "pass" ? "" : whyOf(check),
  ]);
  const count = (verdict: CheckResult["verdict"]) =>
    checks.filter((check) => check.verdict === verdict).length;
  return section(
    "checks",
    "Checks",
    `<p>${count("pass")} pass, ${count("fail")} fail, ${count("unknown")} unknown. ${checks.length === 0 ? "Nothing was checked." : "The numbers say how many records or pairs were judged at each gate."}</p>${table(
      {
        caption: "Invariants, with what was judged at each gate",
        columns: [
          "Invariant",
          "Verdict",
          ...gates.map((gate) => ({ title: `At ${gate}`, align: "right" }) as const),
          { title: "Findings", align: "right" },
          "Why",
        ],
        rows,
        cards: true,
      },
    )}${findingGroups(sorted)}`,
  );
}

function whyOf({ gates, why }: CheckResult): string {
  const reasons = gates.filter(({ verdict }) => verdict !== "pass");
  const lines = reasons.length === 0 ? [why] : reasons.map((at) => `${at.gate}: ${at.why}`);
  return lines.map((line) => `<p>${escape(line)}</p>`).join("");
}

function findingGroups(checks: readonly CheckResult[]): string {
  const withFindings = checks.filter(({ findingCount }) => findingCount > 0);
  if (withFindings.length === 0) return "";
  const groups = withFindings.map(({ id, title, findings, findingCount }) => {
    const unlisted = findingCount - findings.length;
    const rest = findings.slice(openFindings);
    return `<div class="group">${details(
      `<span class="badge bad">${numberWords(findingCount)}</span> ${escape(title)} <span class="where">${code(id)}</span>`,
      `${listOf(findings.slice(0, openFindings))}${rest.length === 0 ? "" : details(countWords(rest.length, "more finding"), listOf(rest))}${unlisted > 0 ? `<p class="soft">${numberWords(unlisted)} more were counted and are not listed.</p>` : ""}`,
      true,
    )}</div>`;
  });
  return `<h3 id="findings">Findings</h3>${groups.join("\n")}`;
}

function listOf(findings: readonly Finding[]): string {
  return `<ol class="findings">${findings.map(findingOf).join("\n")}</ol>`;
}

/** One violation: the record, both sides, and why that is a contradiction. */
function findingOf({ kind, subject, component, gate, expected, actual, because }: Finding): string {
  return `<li><h4>${escape(kind)} ${code(subject)} <span class="where">in ${escape(component)}, ${gate === "run" ? "over the run" : `at ${gate}`}</span></h4><dl><dt>Expected</dt><dd>${escape(expected)}</dd><dt>Seen</dt><dd>${escape(actual)}</dd><dt>Because</dt><dd>${escape(because)}</dd></dl></li>`;
}
