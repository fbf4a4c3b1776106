#!/usr/bin/env bash
# As the official image: an empty PGDATA becomes a cluster with POSTGRES_USER, POSTGRES_PASSWORD and POSTGRES_DB, and the
# *.sql and *.sh of /docker-entrypoint-initdb.d are run once. Nothing listens on the network before all of that is done.
set -euo pipefail
if [[ ${1:-} == -* ]]; then set -- postgres "$@"; fi
if [ "${1:-}" != postgres ] || [ -s "$PGDATA/PG_VERSION" ]; then exec "$@"; fi

export POSTGRES_USER=${POSTGRES_USER:-postgres}
export POSTGRES_DB=${POSTGRES_DB:-$POSTGRES_USER}
: "${POSTGRES_PASSWORD:?is the password of the superuser}"
initdb --username="$POSTGRES_USER" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --encoding=UTF8 \
  --auth-local=trust --auth-host=scram-sha-256 ${POSTGRES_INITDB_ARGS:-}
printf 'host all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
printf "listen_addresses = '*'\n" >> "$PGDATA/postgresql.conf"

pg_ctl start --wait --options="-c listen_addresses=''"
sql=(psql --username="$POSTGRES_USER" --no-password --no-psqlrc --set=ON_ERROR_STOP=1)
if [ "$POSTGRES_DB" != postgres ]; then
  "${sql[@]}" --dbname=postgres --set=db="$POSTGRES_DB" <<< 'CREATE DATABASE :"db";'
fi
shopt -s nullglob
for file in /docker-entrypoint-initdb.d/*; do
  case $file in
    *.sh) bash "$file" ;;
    *.sql) "${sql[@]}" --dbname="$POSTGRES_DB" --file="$file" ;;
  esac
done
pg_ctl stop --mode=fast --wait
exec "$@"
