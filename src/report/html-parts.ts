import { visible } from "./words.ts";

/** Text of the subject must never become markup. */
export function escape(text: string): string {
  return visible(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Identifiers, commands and hashes. */
export function code(text: string): string {
  return `<code>${escape(text)}</code>`;
}

/** A part of the page with a heading; an empty body gives nothing. */
export function section(id: string, title: string, body: string): string {
  if (body === "") return "";
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${escape(title)}</h2>\n${body}\n</section>`;
}

export interface Table {
  readonly caption: string;
  readonly columns: readonly Column[];
  /** Cells are markup already; the first of each row is its head. */
  readonly rows: readonly (readonly string[])[];
  /** Rows become cards on a narrow screen: for tables with more words than numbers. */
  readonly cards?: boolean;
}

/** A column head; numbers stand to the right. */
type Column = string | { readonly title: string; readonly align: "right" };

/** A table with a caption for screen readers and heads with a scope. Roles are said, as cards would drop them. */
export function table({ caption, columns, rows, cards = false }: Table): string {
  if (rows.length === 0) return `<p class="none">None.</p>`;
  const titles = columns.map((column) => (typeof column === "string" ? column : column.title));
  const classes = columns.map((column) => (typeof column === "string" ? "" : ' class="number"'));
  const head = titles
    .map((title, at) => `<th scope="col" role="columnheader"${classes[at] ?? ""}>${escape(title)}</th>`)
    .join("");
  const body = rows.map(([first = "", ...rest]) => {
    const cells = rest.map(
      (cell, at) =>
        `<td role="cell" data-label="${escape(titles[at + 1] ?? "")}"${classes[at + 1] ?? ""}><div>${cell}</div></td>`,
    );
    return `<tr role="row"><th scope="row" role="rowheader">${first}</th>${cells.join("")}</tr>`;
  });
  return `<div class="scroll" role="region" aria-label="${escape(caption)}" tabindex="0"><table role="table"${cards ? ' class="cards"' : ""}>
<caption>${escape(caption)}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">${body.join("\n")}</tbody>
</table></div>`;
}

const badgeTones: Readonly<Record<string, string>> = {
  pass: "good",
  refused: "good",
  harmless: "good",
  caught: "good",
  "noticed by a step": "good",
  met: "good",
  verified: "good",
  "not verified": "bad",
  fail: "bad",
  missed: "bad",
  misattributed: "bad",
  "silently accepted": "bad",
};

/** A word with a colour; the word alone is enough. */
export function badge(word: string): string {
  return `<span class="badge ${badgeTones[word] ?? "odd"}">${escape(word)}</span>`;
}

/** Something that can be opened. */
export function details(summary: string, body: string, open = false): string {
  return `<details${open ? " open" : ""}><summary>${summary}</summary>${body}</details>`;
}

/** A moment of the harness's clock, UTC. */
export function clockTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `<time datetime="${iso}">${iso.slice(11, 23)}</time>`;
}
