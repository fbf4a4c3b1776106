import type { CheckResult, Report } from "../core/report.ts";
import { causesOf, recordOf, witnessesOf, type Cause } from "./causes.ts";
import { badge, code, details, escape, section, table } from "./html-parts.ts";
import { countWords, numberWords, shownGates } from "./words.ts";

type Finding = CheckResult["findings"][number];
type Witnesses = ReturnType<typeof witnessesOf>;

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
  const witnesses = witnessesOf(checks);
  const groups = withFindings.map(({ id, title, findings, findingCount }) => {
    const unlisted = findingCount - findings.length;
    const causes = causesOf(findings).map((cause) => causeOf(cause, witnesses));
    return `<div class="group">${details(
      `<span class="badge bad">${numberWords(findingCount)}</span> ${escape(title)} <span class="where">${code(id)}</span>`,
      `${causes.join("\n")}${unlisted > 0 ? `<p class="soft">${numberWords(unlisted)} more were counted and are not listed.</p>` : ""}`,
      true,
    )}</div>`;
  });
  return `<h3 id="findings">Findings by cause</h3>${groups.join("\n")}`;
}

/** One reason in one component, then the records that are its witnesses. */
function causeOf({ words, component, findings }: Cause, witnesses: Witnesses): string {
  const rest = findings.slice(openFindings);
  const list = (part: readonly Finding[]) =>
    `<ol class="findings">${part.map((finding) => findingOf(finding, witnesses)).join("\n")}</ol>`;
  return `<p class="cause"><strong>${escape(component)}</strong>: ${escape(words)} <span class="where">${countWords(findings.length, "witness", "witnesses")}</span></p>${list(findings.slice(0, openFindings))}${rest.length === 0 ? "" : details(countWords(rest.length, "more witness", "more witnesses"), list(rest))}`;
}

/** One violation: the record, both sides, and why that is a contradiction. */
function findingOf(finding: Finding, witnesses: Witnesses): string {
  const { invariant, kind, subject, component, gate, expected, actual, because } = finding;
  const others = [...(witnesses.get(recordOf(finding)) ?? [])].filter((id) => id !== invariant);
  const also = others.length === 0 ? "" : `<dt>Also seen by</dt><dd>${others.map(code).join(", ")}</dd>`;
  return `<li><h4>${escape(kind)} ${code(subject)} <span class="where">in ${escape(component)}, ${gate === "run" ? "over the run" : `at ${gate}`}</span></h4><dl><dt>Expected</dt><dd>${escape(expected)}</dd><dt>Seen</dt><dd>${escape(actual)}</dd><dt>Because</dt><dd>${escape(because)}</dd>${also}</dl></li>`;
}
