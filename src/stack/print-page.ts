import { spawn } from "node:child_process";
import { MusterError } from "../core/errors.ts";
import { resolveImages } from "./images.ts";

const limitSeconds = 90;
const shownLog = 400;

/** Chromium may print only from a file to a file; what it says goes to the log, so that the page alone comes out. */
const script = `cat > /tmp/page.html
timeout ${limitSeconds} chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-pdf-header-footer \
  --print-to-pdf=/tmp/page.pdf file:///tmp/page.html >&2 && cat /tmp/page.pdf`;

/**
 * Prints a page to PDF with the Chromium image, in a container without any network that removes itself.
 * @throws MusterError HARNESS where no PDF came out; IMAGE_UNAVAILABLE where there is no Chromium
 */
export async function printPage(
  html: string,
  options: { readonly projectFolder: string; readonly log: (line: string) => void },
): Promise<Buffer> {
  const image = (await resolveImages({ BROWSER_IMAGE: "chromium" }, options)).get("BROWSER_IMAGE");
  const words = ["run", "--rm", "--interactive", "--network", "none", "--entrypoint", "bash"];
  const child = spawn("docker", [...words, image?.image ?? "", "-c", script]);
  const output: Buffer[] = [];
  let log = "";
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => (log += chunk.toString()));
  const ended = Promise.withResolvers<number | null>();
  child.on("error", ended.reject);
  child.on("close", ended.resolve);
  // A container that ended early is told by its status, not by the pipe that it closed.
  child.stdin.on("error", () => undefined);
  child.stdin.end(html);
  const status = await ended.promise;
  const pdf = Buffer.concat(output);
  if (status !== 0 || !pdf.subarray(0, 5).equals(Buffer.from("%PDF-")))
    throw new MusterError("HARNESS", {
      message: `expected a PDF from Chromium within ${limitSeconds} s, it ended with ${status}: ${log.trim().slice(-shownLog)}`,
    });
  return pdf;
}
