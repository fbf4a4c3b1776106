import { expect, test } from "vitest";
import { digestOfDocument } from "./observe-elasticsearch.ts";

test("the order of several values is no content, and every value is", () => {
  const document = { _label: "Case", title: "mail", tags: ["phishing", "tlp:red"], severity: 2 };
  const digest = digestOfDocument(document);

  expect(digestOfDocument({ ...document, tags: ["tlp:red", "phishing"] })).toBe(digest);
  for (const changed of [
    { ...document, tags: ["phishing"] },
    { ...document, tags: ["phishing", "phishing", "tlp:red"] },
    { ...document, tags: "phishing" },
    { ...document, severity: 3 },
    { ...document, title: "liam" },
  ])
    expect(digestOfDocument(changed), JSON.stringify(changed)).not.toBe(digest);
});
