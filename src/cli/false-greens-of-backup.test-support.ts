import { startIsGreen, type FalseGreen } from "./false-green.test-support.ts";
import { defineSql } from "./rehearsal.test-support.ts";

const newestNote = "seed-note-1";

/** Two moments of one database: the file of the first, the write-ahead log of the second. */
const laterWriteAheadLog = `
mkdir "$BACKUP_DIR/rows"
cp data/rows/notebook.sqlite later.sqlite
"${process.execPath}" --disable-warning=ExperimentalWarning -e '
const { copyFileSync } = require("node:fs");
const { DatabaseSync } = require("node:sqlite");
const into = process.argv[1];
const database = new DatabaseSync("later.sqlite");
database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
copyFileSync("later.sqlite", into + "/notebook.sqlite");
database.prepare("UPDATE notes SET text = ? WHERE id = ?").run("replayed over the restored data", "${newestNote}");
copyFileSync("later.sqlite-wal", into + "/notebook.sqlite-wal");
database.close();
' "$BACKUP_DIR/rows"
rm later.sqlite*
`;

/** The set lacks something or holds the wrong thing, and nothing about it looks wrong. */
export const falseGreensOfBackup: readonly FalseGreen[] = [
  {
    case: 5,
    id: "index-older-than-its-store",
    title: "The index ends before the position of its store, and what lies between is never written again",
    source: "camunda/camunda#16919",
    rehearsal: {
      blocks: {
        "copy-search": `
mkdir "$BACKUP_DIR/search"
head -n -6 data/search/index.jsonl > "$BACKUP_DIR/search/index.jsonl"`,
      },
    },
    because: /index-agrees-with-store/,
    invariants: ["acknowledged-writes-survive", "index-agrees-with-store"],
  },
  {
    case: 6,
    id: "ok-with-zero-records",
    title: "[OK] with zero records: nothing was found, so nothing was wrong",
    source: "pryv/open-pryv.io#124",
    rehearsal: {
      blocks: {
        "copy-rows": `
${defineSql}
cp -a data/rows "$BACKUP_DIR/rows"; sql "$BACKUP_DIR/rows/notebook.sqlite" "DELETE FROM notes"`,
        "copy-attachments": 'mkdir "$BACKUP_DIR/attachments"',
        "copy-search": 'mkdir "$BACKUP_DIR/search"; : > "$BACKUP_DIR/search/index.jsonl"',
        "verify-set": 'echo "[OK] notes=0 errors=0"',
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive"],
  },
  {
    case: 9,
    id: "missing-files-are-no-error",
    title: "Files expected: 0. A path that does not exist is backed up without a word",
    source: "grke/burp#630",
    rehearsal: {
      blocks: {
        "copy-attachments": `
mkdir "$BACKUP_DIR/attachments"
cp -a data/attachment/. "$BACKUP_DIR/attachments" 2> /dev/null || true`,
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive", "references-resolve"],
  },
  {
    case: 10,
    id: "two-stores-without-a-common-cut",
    title: "Rows are copied after the files that they refer to, while clients write",
    source: "HarperFast/harper#1831",
    rehearsal: {
      rewrite: (runbook) => runbook.replace("mode: cold", "mode: hot"),
      blocks: {
        "stop-notebook": "true",
        "copy-rows": 'mkdir "$BACKUP_DIR/rows"',
        "copy-attachments": 'cp -a data/attachments "$BACKUP_DIR/attachments"',
        "copy-search": `
${defineSql}
cp -a data/search "$BACKUP_DIR/search"
sleep 0.6
sql data/rows/notebook.sqlite "VACUUM INTO '$BACKUP_DIR/rows/notebook.sqlite'"`,
        "start-notebook": "true",
      },
    },
    because: /references-resolve/,
    invariants: ["references-resolve"],
  },
  {
    case: 13,
    id: "valid-dump-with-nothing-in-it",
    title: "A valid dump with nothing in it",
    source: "heyvaldemar/restore-drill, README",
    rehearsal: {
      blocks: {
        "copy-rows": `
${defineSql}
mkdir "$BACKUP_DIR/rows"
sql "$BACKUP_DIR/rows/notebook.sqlite" "CREATE TABLE notes (id TEXT PRIMARY KEY, version INTEGER NOT NULL, text TEXT NOT NULL, attachment TEXT)"`,
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive", "index-agrees-with-store"],
  },
  {
    case: 13,
    id: "dump-from-a-newer-client",
    title: "A dump from a newer client, which the application cannot read",
    source: "heyvaldemar/restore-drill, README",
    rehearsal: {
      blocks: {
        "copy-rows": `
${defineSql}
cp -a data/rows "$BACKUP_DIR/rows"
sql "$BACKUP_DIR/rows/notebook.sqlite" "ALTER TABLE notes RENAME COLUMN text TO body"`,
      },
    },
    because: /the application does not answer/,
    invariants: ["restore-follows-order"],
  },
  {
    case: 15,
    id: "checksums-right-content-wrong",
    title: "Every checksum is right, and a record is missing",
    source: "cockroachdb/cockroach#67935",
    rehearsal: {
      blocks: {
        "copy-rows": `
${defineSql}
cp -a data/rows "$BACKUP_DIR/rows"
sql "$BACKUP_DIR/rows/notebook.sqlite" "DELETE FROM notes WHERE id = '${newestNote}'"`,
      },
    },
    because: new RegExp(`acknowledged-writes-survive.*${newestNote}`),
    invariants: ["acknowledged-writes-survive"],
  },
  {
    case: 16,
    id: "write-ahead-log-of-another-moment",
    title: "A write-ahead log of a later moment lies beside the restored file and is replayed over it",
    source: "ProbOS#1313",
    rehearsal: { blocks: { "copy-rows": laterWriteAheadLog } },
    because: new RegExp(`content-unchanged.*${newestNote}`),
    invariants: ["content-unchanged"],
  },
  {
    case: 17,
    id: "five-routines-none-worked",
    title: "Five backup routines, none of which worked, and no alarm",
    source: "GitLab.com, postmortem of 2017-01-31",
    rehearsal: {
      blocks: {
        "copy-rows":
          'pg_dump-9.2 data/rows > "$BACKUP_DIR/rows.dump" 2> /dev/null || true; rm -f "$BACKUP_DIR/rows.dump"',
        "copy-attachments": 'cp -a data/uploads "$BACKUP_DIR/attachments" 2> /dev/null || true',
        "copy-search": 'cp -a /snapshots/search "$BACKUP_DIR/search" 2> /dev/null || true',
        "copy-settings": 'cp -a /etc/notebook "$BACKUP_DIR/settings" 2> /dev/null || true',
        "restore-settings": 'cp -a "$BACKUP_DIR/settings" settings 2> /dev/null || true',
        "restore-rows": 'cp -a "$BACKUP_DIR/rows" data/rows 2> /dev/null || true',
        "restore-attachments": 'cp -a "$BACKUP_DIR/attachments" data/attachments 2> /dev/null || true',
        "restore-search": 'cp -a "$BACKUP_DIR/search" data/search 2> /dev/null || true',
        "start-restored-notebook": startIsGreen,
        "verify-set": 'echo "all checks passed"',
      },
    },
    because: /the application does not answer/,
    invariants: ["acknowledged-writes-survive", "configuration-restored"],
  },
];
