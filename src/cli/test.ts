import { spawn } from "node:child_process";
import { exitStatus } from "../core/errors.ts";
import { packageFolder } from "../run/project.ts";
import { ensureEngine } from "../stack/engine.ts";

/** Everything that must hold before a change lands: the README's test command. */
export async function testCommand(options: { readonly installEngine?: boolean }): Promise<number> {
  if (options.installEngine === true)
    await ensureEngine({ install: true, log: (line) => process.stderr.write(`  ${line}\n`) });
  return await new Promise((resolve) => {
    const tests = spawn("npm", ["test", "--silent"], { cwd: packageFolder, stdio: "inherit" });
    tests.on("exit", (code) => resolve(code === 0 ? exitStatus.verified : exitStatus.notVerified));
    tests.on("error", () => resolve(exitStatus.inconclusive));
  });
}
