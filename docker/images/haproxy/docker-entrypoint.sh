#!/bin/sh
# As the official image's entrypoint: arguments for haproxy, or another command; master-worker, in the foreground.
set -eu

case "${1:-}" in
  '' | -*) set -- haproxy "$@" ;;
esac
if [ "$1" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
