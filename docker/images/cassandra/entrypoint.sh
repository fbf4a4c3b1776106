#!/usr/bin/env bash
# Takes the official image's environment variables and paths; starts the server as user cassandra.
set -euo pipefail
data=/var/lib/cassandra
if [ "$(id -u)" = 0 ]; then
  # Only where the owner is wrong: a blind change of owner would copy a forked volume up as a whole.
  [ "$(stat -c %u "$data")" = 999 ] || chown -R cassandra:cassandra "$data"
  exec setpriv --reuid=999 --regid=999 --clear-groups "$0" "$@"
fi
if [ "${1:-}" != cassandra ]; then exec "$@"; fi
address=$(hostname -i | cut -d' ' -f1)
sed -e "s|^cluster_name:.*|cluster_name: '${CASSANDRA_CLUSTER_NAME:-Test Cluster}'|" \
    -e "s|^num_tokens:.*|num_tokens: ${CASSANDRA_NUM_TOKENS:-16}|" \
    -e "s|^authenticator:.*|authenticator: ${CASSANDRA_AUTHENTICATOR:-AllowAllAuthenticator}|" \
    -e "s|^authorizer:.*|authorizer: ${CASSANDRA_AUTHORIZER:-AllowAllAuthorizer}|" \
    -e "s|^endpoint_snitch:.*|endpoint_snitch: ${CASSANDRA_ENDPOINT_SNITCH:-SimpleSnitch}|" \
    -e "s|@ADDRESS@|$address|" -e "s|@SEEDS@|${CASSANDRA_SEEDS:-$address}|" \
    /etc/cassandra/cassandra.template.yaml > /tmp/cassandra.yaml
exec java @/etc/cassandra/jvm.flags -Xms"${MAX_HEAP_SIZE:-512M}" -Xmx"${MAX_HEAP_SIZE:-512M}" \
  -javaagent:"$(echo /opt/cassandra/lib/jamm-*.jar)" \
  -Dcassandra.config=file:/tmp/cassandra.yaml -Dcassandra.storagedir="$data" -Dcassandra.logdir=/var/log/cassandra \
  -Dlogback.configurationFile=/etc/cassandra/logback.xml -Dcassandra-foreground=yes -Dcassandra.jmx.local.port=7199 \
  -Dcassandra.skip_wait_for_gossip_to_settle=0 -Dcassandra.superuser_setup_delay_ms=0 \
  -cp "/etc/cassandra:/opt/cassandra/lib/*" org.apache.cassandra.service.CassandraDaemon
