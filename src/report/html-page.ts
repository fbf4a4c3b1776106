import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escape } from "./html-parts.ts";
import { styleSheet } from "./html-style.ts";

const script = readFileSync(join(import.meta.dirname, "page-script.js"), "utf8").trim();
const scriptHash = createHash("sha256").update(script).digest("base64");

/**
 * One page in one file. The policy in its head keeps it from loading anything, and from running anything but the one
 * script that it names by hash, whatever the subject wrote into its records.
 */
export function pageOf({ title, body }: { readonly title: string; readonly body: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)}</title>
<style>${styleSheet}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
${body}
<script>${script}</script>
</body>
</html>
`;
}

/** Made from the headings, so that it never names a part that is not there. */
export function contentsOf(sections: readonly string[]): string {
  const links = sections.flatMap((part) => {
    const heading = /<h2 id="([^"]+)">(.*?)<\/h2>/.exec(part);
    return heading === null ? [] : [`<li><a href="#${heading[1]}">${heading[2]}</a></li>`];
  });
  return `<nav aria-label="Contents"><ul>${links.join("")}</ul></nav>`;
}
