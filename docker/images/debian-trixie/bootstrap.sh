#!/usr/bin/env bash
# Debian's minimal system from the mirror that this machine itself uses. Called with SUITE and TAG.
set -euo pipefail
mirror=$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/debian.sources | head -n 1)
mmdebstrap --quiet --variant=minbase "$SUITE" - "deb $mirror $SUITE main" | docker import - "$TAG"
