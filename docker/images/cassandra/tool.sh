#!/usr/bin/env bash
# nodetool and sstableloader under the names and on the class path of the official image.
set -euo pipefail
case "$(basename "$0")" in
  nodetool) main=org.apache.cassandra.tools.NodeTool ;;
  sstableloader) main=org.apache.cassandra.tools.BulkLoader ;;
  sstableverify) main=org.apache.cassandra.tools.StandaloneVerifier ;;
  *) echo "$(basename "$0"): unknown tool" >&2; exit 64 ;;
esac
config=/tmp/cassandra.yaml
[ -r "$config" ] || config=/etc/cassandra/cassandra.template.yaml
exec java @/etc/cassandra/jvm.flags -Xmx128M -Dlogback.configurationFile=/etc/cassandra/logback-tools.xml \
  -Dcassandra.config="file:$config" -Dcassandra.storagedir=/var/lib/cassandra \
  -cp "/etc/cassandra:/opt/cassandra/lib/*" "$main" "$@"
