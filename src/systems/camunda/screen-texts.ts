/** What is kept of the pages of Operate and Tasklist: texts that are the same at every look, so no times, keys or counts. */

/** A process in Operate's list "Process Instances by Name". */
const processLine = /^(.+) – \d+ Instances? in (\d+) Versions?$/;
const stateIcon = /^([A-Z]+)-icon$/;

/** @returns every process with the number of its versions, sorted; how many instances it has changes all the time */
export function processesIn(text: string): readonly string[] {
  const found = linesOf(text).flatMap((line) => {
    const [, name, versions] = processLine.exec(line) ?? [];
    return name === undefined ? [] : [`${name}: ${versions} version(s)`];
  });
  return [...new Set(found)].toSorted();
}

/** Lines that show something, without the space around them. */
export function linesOf(text: string): readonly string[] {
  return text
    .split(/[\n\t]/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Lines up to one that is a title, or all of them. */
export function linesBefore(title: string, text: string): readonly string[] {
  const lines = linesOf(text);
  const index = lines.indexOf(title);
  return index === -1 ? lines : lines.slice(0, index);
}

/** @param icons test ids such as `ACTIVE-icon`, one for each of the names */
export function withStates(names: readonly string[], icons: readonly string[]): readonly string[] {
  return names.map((name, index) => `${name}: ${stateIn(icons[index] ?? "")}`);
}

/** @returns the state that an icon stands for, empty where it stands for none */
export function stateIn(icon: string): string {
  return stateIcon.exec(icon)?.[1] ?? "";
}
