import { join } from "node:path";
import { defineSystem } from "../../core/system.ts";
import { connectNotebook } from "./connection.ts";

/** A notebook on plain processes: rows in SQLite, attachments as files, a search index file. Needs no engine. */
export default defineSystem({
  id: "tutorial",
  title: "Notebook (the tutorial's application)",
  stack: { kind: "directory", program: "notebook" },
  components: [
    { id: "attachments", store: "files", service: "notebook" },
    { id: "settings", store: "files", service: "notebook" },
    { id: "rows", store: "sqlite", service: "notebook" },
    { id: "search", store: "jsonl", service: "notebook" },
    { id: "api", store: "http", service: "notebook" },
  ],
  placements: [
    { kind: "note", component: "rows", role: "store", since_gate: "baseline" },
    { kind: "note", component: "search", role: "index", since_gate: "baseline" },
    { kind: "note", component: "api", role: "api", since_gate: "baseline" },
    { kind: "blob", component: "attachments", role: "blob", since_gate: "baseline" },
    { kind: "setting", component: "settings", role: "config", since_gate: "baseline" },
  ],
  clustered: false,
  limits: ["the notebook is an application made for the tutorial: it says nothing about any product"],
  deployment: ({ secret }) =>
    Promise.resolve([
      { path: "notebook", text: program(join(import.meta.dirname, "notebook-server.ts")), mode: 0o755 },
      {
        path: "settings/notebook.json",
        text: `${JSON.stringify({ token: secret("notebook-token") })}\n`,
        mode: 0o600,
      },
    ]),
  connect: async (stack, { secret }) => await connectNotebook(stack, secret("notebook-token")),
});

/** The operator's program: starts the server in this folder and waits until it listens; stops it and waits until it is gone. */
function program(server: string): string {
  return `#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
case "$1" in
  start)
    mkdir -p run
    setsid "${process.execPath}" --disable-warning=ExperimentalWarning "${server}" > run/notebook.log 2>&1 < /dev/null &
    for _ in $(seq 500); do
      [ -f run/notebook.json ] && exit 0
      kill -0 $! 2> /dev/null || break
      sleep 0.02
    done
    echo "the notebook ended, or did not start within 10 s" >&2; cat run/notebook.log >&2; exit 1 ;;
  stop)
    [ -f run/notebook.json ] || exit 0
    pid=$(sed 's/.*"pid":\\([0-9]*\\).*/\\1/' run/notebook.json)
    kill "$pid" 2> /dev/null || true
    for _ in $(seq 500); do [ -f run/notebook.json ] || exit 0; sleep 0.02; done
    echo "the notebook did not stop within 10 s" >&2; exit 1 ;;
  *) echo "usage: notebook start|stop" >&2; exit 64 ;;
esac
`;
}
