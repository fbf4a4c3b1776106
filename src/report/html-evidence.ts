import type { Report } from "../core/report.ts";
import { badge, clockTime, code, details, escape, section, table } from "./html-parts.ts";
import { countWords, durationWords, numberWords } from "./words.ts";

/** What was promised and what was measured. */
export function objectiveSection({ objectives }: Report): string {
  return section(
    "objectives",
    "Objectives",
    table({
      caption: "Objectives, and what was measured",
      columns: ["Objective", "Target", "Measured", "Met"],
      rows: objectives.map(({ id, target, measured, met }) => [
        escape(id),
        escape(target),
        escape(measured),
        badge(met === null ? "could not tell" : met ? "met" : "missed"),
      ]),
    }),
  );
}

/** Which images really ran, and which of them only imitate a product. */
export function componentSection({ components }: Report): string {
  return section(
    "components",
    "What really ran",
    table({
      caption: "Components",
      columns: ["Component", "Is", "Store", "Service", "Image and digest"],
      rows: components.map(({ id, store, service, image, digest, standIn }) => [
        escape(id),
        standIn === undefined ? "the product" : `${badge("stand-in")}<br>${escape(standIn)}`,
        escape(store),
        escape(service),
        `${code(image)}<br><span class="soft">${code(digest)}</span>`,
      ]),
      cards: true,
    }),
  );
}

/** Every step of the run with its exit status, and what it said. */
export function stepSection({ steps, runbook }: Report): string {
  const rows = steps.map(({ phase, id, component, beganAt, durationMs, exitCode, message }) => [
    `${escape(id)} <span class="where">${escape(phase)}</span>`,
    escape(component),
    beganAt === null ? "not done" : clockTime(beganAt),
    beganAt === null ? "–" : durationWords(durationMs),
    exitCode === null ? "–" : exitCode === 0 ? "0" : `<span class="badge bad">${exitCode}</span>`,
    message === ""
      ? ""
      : message.length > 120
        ? details("what it said", `<pre>${escape(message)}</pre>`)
        : escape(message),
  ]);
  return section(
    "steps",
    "Steps executed",
    `<p>Runbook “${escape(runbook.title)}”, ${code(runbook.file)}<br><span class="soft">sha256 ${code(runbook.sha256)}</span></p>${table(
      {
        caption: "Steps in the order of doing",
        columns: [
          "Step",
          "Component",
          { title: "Began (UTC)", align: "right" },
          { title: "Time", align: "right" },
          { title: "Exit", align: "right" },
          "Message",
        ],
        rows,
        cards: true,
      },
    )}`,
  );
}

/** Hooks: what somebody did to the run on purpose. */
export function interventionSection({ interventions }: Report): string {
  if (interventions.length === 0) return "";
  return section(
    "interventions",
    "Interventions from outside",
    `<p>Commands that whoever ran the drill put between its steps.</p>${table({
      caption: "Interventions",
      columns: ["After", "Command", { title: "Exit", align: "right" }],
      rows: interventions.map(({ after, command, exitCode }) => [
        escape(after),
        code(command),
        String(exitCode),
      ]),
      cards: true,
    })}`,
  );
}

/** Where to check all this. */
export function evidenceSection({ files, journal, runId }: Report): string {
  const fileTable = table({
    caption: "Files of the run",
    columns: ["File", { title: "Bytes", align: "right" }, "SHA-256"],
    rows: files.map(({ path, bytes, sha256 }) => [code(path), numberWords(bytes), code(sha256)]),
    cards: true,
  });
  return section(
    "evidence",
    "Evidence",
    `<p>Run ${code(runId)}: a journal of ${numberWords(journal.entries)} entries, each chained to the one before by hash. <code>./muster check</code> on this folder repeats the verdict.</p><p>Head of the journal: ${code(journal.headHash)}</p>${details(countWords(files.length, "file"), fileTable)}`,
  );
}
