#!/usr/bin/env bash
set -euo pipefail
if [ "${1:-}" != janusgraph ]; then exec "$@"; fi
sed "s|@ELASTIC_PASSWORD@|${ELASTIC_PASSWORD:-}|" /etc/janusgraph/thehive.template.properties > /tmp/thehive.properties
if [ -n "${CASSANDRA_USERNAME:-}" ]; then
  printf 'storage.username=%s\nstorage.password=%s\n' "$CASSANDRA_USERNAME" "$CASSANDRA_PASSWORD" >> /tmp/thehive.properties
fi
heap=${MAX_HEAP_SIZE:-256M}
exec java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Xms"$heap" -Xmx"$heap" \
  -Dlogback.configurationFile=/etc/janusgraph/logback.xml -cp "/etc/janusgraph:/opt/janusgraph/lib/*" \
  org.janusgraph.graphdb.server.JanusGraphServer /etc/janusgraph/gremlin-server.yaml
