#!/usr/bin/env bash
# S3_BUCKETS: buckets, separated by spaces, that must be there when the server answers. Where VGW_VERSIONING_DIR says where
# older versions go, one that is made here is versioned; one that was there keeps what it says of itself.
set -euo pipefail
for bucket in ${S3_BUCKETS:-}; do
  if [ -d "/data/$bucket" ]; then continue; fi
  mkdir "/data/$bucket"
  # What the server itself keeps of an enabled versioning (versitygw, backend/posix, PutBucketVersioning): one byte.
  if [ -n "${VGW_VERSIONING_DIR:-}" ]; then setfattr -n user.versioning -v 0x01 "/data/$bucket"; fi
done
exec "$@"
