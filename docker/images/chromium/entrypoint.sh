#!/usr/bin/env bash
# Chromium listens for its driver on the loopback address only, whatever it is told: socat passes the port on.
# Names with a dot are of the outside, which is not reached: a font there would keep a page waiting with its texts blank.
set -euo pipefail
chromium --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
  --no-first-run --disable-background-networking --disable-component-update \
  --host-resolver-rules="MAP *.* ~NOTFOUND, EXCLUDE 127.0.0.1" \
  --remote-debugging-port=9221 --user-data-dir=/tmp/profile about:blank &
socat TCP-LISTEN:9222,fork,reuseaddr TCP:127.0.0.1:9221 &
# Whichever ends first ends the container: half of it is no browser.
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT TERM INT
wait -n
