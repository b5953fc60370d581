#!/bin/sh
# As the official image's entrypoint: arguments for redis-server, a configuration file, or another command; the
# server runs as the redis user and owns its working folder.
set -eu

case "${1:-}" in
  '' | -* | *.conf) set -- redis-server "$@" ;;
esac
[ "$1" = redis-server ] || exec "$@"

# The official image is compiled with protected mode off, so that other containers can connect.
case " $* " in
  *' --protected-mode '*) ;;
  *) set -- "$@" --protected-mode no ;;
esac

umask 0077
if [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis {} +
  exec setpriv --reuid=redis --regid=redis --clear-groups -- "$@"
fi
exec "$@"
