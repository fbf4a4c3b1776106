import { startIsGreen, type FalseGreen } from "./false-green.test-support.ts";

/** A program that answers every request with an empty list, as a temporary server does while a store is initialised. */
const temporaryServer = `
mkdir -p run
setsid "${process.execPath}" -e '
const fs = require("node:fs");
const server = require("node:http").createServer((request, response) => response.end("[]"));
server.listen(0, "127.0.0.1", () => fs.writeFileSync("run/notebook.json", JSON.stringify({ pid: process.pid, port: server.address().port })));
' > run/temporary.log 2>&1 < /dev/null &
for _ in $(seq 200); do [ -s run/notebook.json ] && break; sleep 0.02; done
curl -sf "http://127.0.0.1:$(sed 's/.*"port":\\([0-9]*\\).*/\\1/' run/notebook.json)/health"
`;

/** The set is whole or was damaged before; what verifies and restores it says that all is well. */
export const falseGreensOfRestore: readonly FalseGreen[] = [
  {
    case: 1,
    id: "verify-says-error-and-exits-0",
    title: "Verify says error, the process exits with 0",
    source: "pgbackrest/pgbackrest#2502",
    rehearsal: {
      blocks: {
        "copy-attachments": `
cp -a data/attachments "$BACKUP_DIR/attachments"
cd "$BACKUP_DIR/attachments"; set -- *; printf x >> "$1"`,
        "verify-set": `
cd "$BACKUP_DIR/attachments"
for file in *; do
  echo "$file  $file" | sha256sum --check --status || echo "status: error, $file: checksum mismatch"
done
exit 0`,
      },
    },
    because: /blobs-match-digest/,
    invariants: ["blobs-match-digest"],
  },
  {
    case: 2,
    id: "verify-passes-restore-fails",
    title: "Verify passes, the restore fails: an increment without the full backup that it builds on",
    source: "pgbackrest/pgbackrest#2139",
    rehearsal: {
      blocks: {
        "copy-rows": `
cp data/rows/notebook.sqlite full.sqlite
mkdir "$BACKUP_DIR/rows"; : > "$BACKUP_DIR/rows/notebook.sqlite.increment"`,
        "restore-rows": `
mkdir -p data/rows
cat full.sqlite "$BACKUP_DIR/rows/notebook.sqlite.increment" > data/rows/notebook.sqlite`,
      },
    },
    failingBlock: "restore-rows",
    because: /block restore-rows of Restore ended with 1: cat: full\.sqlite: No such file/,
    invariants: ["restore-follows-order"],
  },
  {
    case: 3,
    id: "unreadable-manifest-counts-as-valid",
    title: "A manifest that cannot be read counts as valid, because it exists",
    source: "thelastpickle/cassandra-medusa#297",
    rehearsal: {
      blocks: {
        "copy-attachments": `
cp -a data/attachments "$BACKUP_DIR/attachments"
cd "$BACKUP_DIR/attachments"; set -- *; rm "$1"`,
        "write-manifest": `head -c 200 /dev/zero > "$BACKUP_DIR/MANIFEST"`,
        "verify-set": `
[ -e "$BACKUP_DIR/MANIFEST" ] || exit 1
sha256sum --check --quiet "$BACKUP_DIR/MANIFEST" || echo "nothing to compare"
echo "manifest validated: OK"`,
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive", "references-resolve"],
  },
  {
    case: 4,
    id: "restore-succeeds-application-cannot-start",
    title: "The restore tool reports success, the application cannot start on what it restored",
    source: "camunda/camunda#63568",
    rehearsal: {
      blocks: {
        "restore-rows": `
mkdir -p data/rows
head -c 100 "$BACKUP_DIR/rows/notebook.sqlite" > data/rows/notebook.sqlite
echo "restored all partitions"`,
        "start-restored-notebook": startIsGreen,
      },
    },
    because: /the application does not answer/,
    invariants: ["restore-follows-order"],
  },
  {
    case: 7,
    id: "verification-fails-success-printed",
    title: "The verification after the restore fails, and 'Restore complete!' is printed",
    source: "ODS#5277",
    rehearsal: {
      blocks: {
        "restore-attachments": `
cp -a "$BACKUP_DIR/attachments" data/attachments
cd data/attachments; set -- *; rm "$1"`,
        "start-restored-notebook": `
./notebook start
expected=$(ls "$BACKUP_DIR/attachments" | wc -l); found=$(ls data/attachments | wc -l); all_good=true
[ "$expected" = "$found" ] || { echo "verification failed: $found of $expected attachments"; all_good=false; }
echo "Restore complete!"`,
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive", "references-resolve"],
  },
  {
    case: 8,
    id: "validator-ignores-its-argument",
    title: "The validator ignores its argument: another set than the one that was asked for is accepted",
    source: "chainwayxyz/citrea#1711, tursodatabase/libsql#718",
    rehearsal: {
      // Taken while the application was still empty; it is whole, and it is not the set that was asked for.
      hooks: [
        'after:up=mkdir -p "$BACKUP_DIR-minus-73"; cp -a "$DEPLOYMENT_DIR/data/." "$BACKUP_DIR-minus-73"',
      ],
      blocks: {
        "verify-set": 'echo "backup -73 is valid"',
        "restore-rows": 'mkdir -p data; cp -a "$BACKUP_DIR-minus-73/rows" data/rows',
        "restore-attachments": 'cp -a "$BACKUP_DIR-minus-73/attachments" data/attachments',
        "restore-search": 'cp -a "$BACKUP_DIR-minus-73/search" data/search',
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive"],
  },
  {
    case: 11,
    id: "documented-command-starts-an-empty-server",
    title: "The documented restore command starts a server instead: minutes of a healthy, empty application",
    source: "logaffe/logaffe#67",
    rehearsal: {
      blocks: {
        "restore-rows": "./notebook start restore",
        "restore-attachments": "true",
        "restore-search": "true",
        "start-restored-notebook": "[ -f run/notebook.json ]",
      },
    },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive"],
  },
  {
    case: 12,
    id: "readiness-answered-by-a-temporary-server",
    title: "Readiness is answered by a temporary server",
    source: "heyvaldemar/restore-drill, README",
    rehearsal: { blocks: { "start-restored-notebook": temporaryServer } },
    because: /acknowledged-writes-survive/,
    invariants: ["acknowledged-writes-survive", "writes-work-again"],
  },
  {
    case: 13,
    id: "roles-missing",
    title: "The data is back, the accounts are not",
    source: "heyvaldemar/restore-drill, README",
    rehearsal: {
      blocks: {
        "restore-settings": `
mkdir settings; echo '{"token":"made by the installer"}' > settings/notebook.json
cp -a "$BACKUP_DIR/settings/.program" notebook`,
      },
    },
    because: /the application does not answer/,
    invariants: ["configuration-restored"],
  },
];
