import type { Progress } from "../run/context.ts";

/** Progress on stderr: on a terminal one live line for each step, elsewhere a plain line when a step ends. */
export interface ShownProgress extends Progress {
  line(text: string): void;
}

const refreshMs = 200;

export function makeProgress(options: { readonly quiet: boolean; readonly title: string }): ShownProgress {
  if (options.quiet)
    return {
      stepBegan: () => undefined,
      detail: () => undefined,
      stepEnded: () => undefined,
      line: () => undefined,
    };
  return process.stderr.isTTY ? liveProgress(options.title) : plainProgress(options.title);
}

function plainProgress(title: string): ShownProgress {
  let step = "";
  const write = (text: string) => process.stderr.write(`${text}\n`);
  write(title);
  return {
    stepBegan: (id) => (step = id),
    detail: () => undefined,
    stepEnded: (outcome, durationMs, message) => write(endLine(step, outcome, durationMs, message)),
    line: (text) => write(`  ${text}`),
  };
}

function liveProgress(title: string): ShownProgress {
  let step = "";
  let detail = "";
  let beganAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    const text = `  ${step.padEnd(12)} ${seconds(performance.now() - beganAt)}  ${detail}`;
    process.stderr.write(`\r\u001b[2K${text.slice(0, Math.max(20, process.stderr.columns - 1))}`);
  };
  process.stderr.write(`${title}\n`);
  return {
    stepBegan(id, what) {
      [step, detail, beganAt] = [id, what, performance.now()];
      timer = setInterval(draw, refreshMs);
      draw();
    },
    detail: (text) => (detail = text),
    stepEnded(outcome, durationMs, message) {
      clearInterval(timer);
      process.stderr.write(`\r\u001b[2K${endLine(step, outcome, durationMs, message)}\n`);
    },
    line: (text) => process.stderr.write(`\r\u001b[2K  ${text}\n`),
  };
}

function endLine(step: string, outcome: "done" | "failed", durationMs: number, message: string): string {
  return `  ${step.padEnd(12)} ${seconds(durationMs)}  ${outcome === "failed" ? "failed: " : ""}${message}`.trimEnd();
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`.padStart(8);
}
