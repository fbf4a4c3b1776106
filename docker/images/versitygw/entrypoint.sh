#!/usr/bin/env bash
# S3_BUCKETS: buckets, separated by spaces, that must be there when the server answers.
set -euo pipefail
for bucket in ${S3_BUCKETS:-}; do mkdir -p "/data/$bucket"; done
exec "$@"
