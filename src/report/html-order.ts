import type { Report } from "../core/report.ts";
import { badge, clockTime, escape, section, table } from "./html-parts.ts";
import { countWords } from "./words.ts";

type Step = Report["steps"][number];

/** The order of restore as the document has it and as it was done, side by side. */
export function orderSection({ steps }: Report): string {
  const documented = steps
    .flatMap((step) =>
      step.phase === "restore" && step.planned !== null ? [{ ...step, planned: step.planned }] : [],
    )
    .toSorted((left, right) => left.planned - right.planned);
  if (documented.length === 0) return "";
  const done = documented
    .filter(({ beganAt }) => beganAt !== null)
    .toSorted((left, right) => (left.beganAt ?? 0) - (right.beganAt ?? 0));
  const places = new Map<Step, number>(done.map((step, at) => [step, at + 1]));
  const rows = documented.map((step, at) => {
    const place = places.get(step);
    const isDisplaced = place !== undefined && place !== at + 1;
    return [
      String(at + 1),
      escape(step.id),
      escape(step.component),
      place === undefined ? "–" : String(place),
      step.beganAt === null ? "–" : clockTime(step.beganAt),
      place === undefined ? badge("not done") : isDisplaced ? badge("another place") : "as documented",
    ];
  });
  const asDocumented = documented.filter((step, at) => places.get(step) === at + 1).length;
  return section(
    "order",
    "Order of restore",
    `<p>${asDocumented} of ${countWords(documented.length, "documented step")} done in the place that the runbook gives.</p>${table(
      {
        caption: "Order of restore as documented and as done",
        columns: [
          { title: "Documented", align: "right" },
          "Step",
          "Component",
          { title: "Done", align: "right" },
          { title: "Began (UTC)", align: "right" },
          "Difference",
        ],
        rows,
      },
    )}`,
  );
}
