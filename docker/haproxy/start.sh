#!/bin/sh
# Starts HAProxy. Its configuration needs lists with blanks; Nexos's variables have commas.
set -eu

INGRESS_TRUSTED_PROXIES=$(printf '%s' "${INGRESS_TRUSTED_PROXIES:-}" | tr ',' ' ')
export INGRESS_TRUSTED_PROXIES
exec docker-entrypoint.sh haproxy -f /usr/local/etc/haproxy/haproxy.cfg
