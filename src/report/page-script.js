/* Comfort for a page that is whole without it: every control is made here, so that nothing is dead where scripts are off. */
(() => {
  const filterFrom = 8;
  const element = (tag, properties) => Object.assign(document.createElement(tag), properties);

  const copy = async (text, button) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A page from a file may not use the clipboard directly everywhere.
      const field = element("textarea", { value: text });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    const words = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = words), 1500);
  };

  const textOf = (finding) => {
    const lines = [finding.querySelector("h4").textContent.trim()];
    for (const term of finding.querySelectorAll("dt"))
      lines.push(`  ${term.textContent}: ${term.nextElementSibling.textContent}`);
    return `${document.title}\n${lines.join("\n")}`;
  };

  for (const finding of document.querySelectorAll(".findings > li")) {
    const button = element("button", { type: "button", className: "copy", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy finding: ${finding.querySelector("h4").textContent.trim()}`);
    button.addEventListener("click", () => copy(textOf(finding), button));
    finding.prepend(button);
  }

  const addFilter = (before, rows, what) => {
    if (rows.length < filterFrom) return;
    const field = element("input", { type: "search", placeholder: `Filter ${what}` });
    field.setAttribute("aria-label", `Filter ${what}`);
    const count = element("output", { className: "soft" });
    field.addEventListener("input", () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown += 1;
        // A hit below a closed fold would stay out of sight.
        if (words.length > 0 && !row.hidden) row.closest("details")?.setAttribute("open", "");
      }
      count.textContent = words.length === 0 ? "" : `${shown} of ${rows.length}`;
    });
    const box = element("p", { className: "filter" });
    box.append(field, count);
    before.before(box);
  };

  for (const scroll of document.querySelectorAll(".scroll"))
    addFilter(scroll, [...scroll.querySelectorAll("tbody > tr")], scroll.getAttribute("aria-label"));
  const findings = document.querySelector("#findings");
  if (findings !== null)
    addFilter(findings.nextElementSibling, [...document.querySelectorAll(".findings > li")], "findings");

  const folds = [...document.querySelectorAll("details")];
  const contents = document.querySelector("nav ul");
  if (folds.length > 0 && contents !== null) {
    const button = element("button", { type: "button", className: "fold", textContent: "Expand all" });
    button.addEventListener("click", () => {
      const open = button.textContent === "Expand all";
      for (const fold of folds) fold.open = open;
      button.textContent = open ? "Collapse all" : "Expand all";
    });
    const item = element("li", {});
    item.append(button);
    contents.append(item);
  }
})();
