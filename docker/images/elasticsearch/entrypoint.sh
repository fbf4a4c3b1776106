#!/usr/bin/env bash
# As the official image: settings with a dot in their name come from the environment, ELASTIC_PASSWORD becomes the bootstrap password.
set -euo pipefail
cd /usr/share/elasticsearch
if [ "${1:-}" != eswrapper ]; then exec "$@"; fi
settings=(-Enetwork.host=0.0.0.0)
while IFS='=' read -r -d '' name value; do
  if [[ $name =~ ^[a-z0-9_]+(\.[a-z0-9_]+)+$ ]]; then settings+=("-E$name=$value"); fi
done < <(env -0)
if [ -n "${ELASTIC_PASSWORD:-}" ] && [ ! -f config/elasticsearch.keystore ]; then
  bin/elasticsearch-keystore create > /dev/null
  printf %s "$ELASTIC_PASSWORD" | bin/elasticsearch-keystore add -x bootstrap.password > /dev/null
fi
exec bin/elasticsearch "${settings[@]}"
