#!/usr/bin/env bash
# As the official image: RABBITMQ_DEFAULT_USER, RABBITMQ_DEFAULT_PASS and RABBITMQ_DEFAULT_VHOST count when the data is empty.
set -euo pipefail
if [ "${1:-}" = rabbitmq-server ]; then
  {
    echo "loopback_users.guest = false"
    [ -z "${RABBITMQ_DEFAULT_USER:-}" ] || echo "default_user = $RABBITMQ_DEFAULT_USER"
    [ -z "${RABBITMQ_DEFAULT_PASS:-}" ] || echo "default_pass = $RABBITMQ_DEFAULT_PASS"
    [ -z "${RABBITMQ_DEFAULT_VHOST:-}" ] || echo "default_vhost = $RABBITMQ_DEFAULT_VHOST"
  } > /etc/rabbitmq/conf.d/10-defaults.conf
  echo "[rabbitmq_management]." > /etc/rabbitmq/enabled_plugins
fi
exec "$@"
