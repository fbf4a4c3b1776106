import type { ControlResult, Report } from "../core/report.ts";

/** The result as the headline of every report. */
export const resultWords: Readonly<Record<Report["result"], string>> = {
  verified: "VERIFIED",
  "not-verified": "NOT VERIFIED",
  inconclusive: "COULD NOT TELL",
};

export function secondsOf(milliseconds: number | null): string {
  return milliseconds === null ? "not measured" : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** How a control ended, in a few words. */
export function controlWords(control: ControlResult): string {
  if (control.outcome === "refused") return "refused by the runbook";
  if (control.outcome !== "caught") return control.outcome;
  return `caught by ${control.caughtBy.filter((id) => control.expectedInvariants.includes(id)).join(", ")} at ${control.gate ?? "run"}`;
}

export function firstLine(text: string, limit = 160): string {
  const line = text.trim().split("\n")[0] ?? "";
  return line.length > limit ? `${line.slice(0, limit - 1)}…` : line;
}
