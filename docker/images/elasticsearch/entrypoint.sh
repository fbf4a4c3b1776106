#!/usr/bin/env bash
# As the official image: settings with a dot in their name come from the environment, ELASTIC_PASSWORD becomes the bootstrap password.
set -euo pipefail
cd /usr/share/elasticsearch
if [ "${1:-}" != eswrapper ]; then exec "$@"; fi
settings=(-Enetwork.host=0.0.0.0)
while IFS='=' read -r -d '' name value; do
  if [[ $name =~ ^[a-z0-9_]+(\.[a-z0-9_]+)+$ ]]; then settings+=("-E$name=$value"); fi
done < <(env -0)
# The launcher and the tools are Java programs of their own: they take longer than they need with the small heap that they ask for.
export CLI_JAVA_OPTS="${CLI_JAVA_OPTS:--Xms32m -XX:TieredStopAtLevel=1 -XX:-UsePerfData}"
unset JAVA_HOME # ES_JAVA_HOME is what counts; the tools warn about the other.
if [ -n "${ELASTIC_PASSWORD:-}" ] && [ ! -f config/elasticsearch.keystore ]; then
  printf %s "$ELASTIC_PASSWORD" | bin/elasticsearch-keystore add -f -x bootstrap.password > /dev/null
fi
exec bin/elasticsearch "${settings[@]}"
