#!/bin/sh
# What Nexos uses of the official image's entrypoint: POSTGRES_USER, POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE,
# POSTGRES_DB, PGDATA; any user id; arguments for the server, or another command.
set -eu

case "${1:-}" in
  '' | -*) set -- postgres "$@" ;;
esac
[ "$1" = postgres ] || exec "$@"

user=${POSTGRES_USER:-postgres}
database=${POSTGRES_DB:-$user}
new=$PGDATA/.new

# Runs as the owner of the data: the postgres user when the container runs as root.
as_owner() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
  else
    "$@"
  fi
}

# initdb and the single-user server want a name for the user that they run as.
with_a_name() {
  if getent passwd "$(id -u)" > /dev/null; then
    as_owner "$@"
    return
  fi
  names=$(mktemp -d)
  echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" > "$names/passwd"
  echo "postgres:x:$(id -g):" > "$names/group"
  LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=$names/passwd NSS_WRAPPER_GROUP=$names/group "$@"
  rm -rf "$names"
}

initialise() {
  # An earlier start was cut off: PG_VERSION arrives last, so nothing here was ever a database.
  if [ -e "$new" ]; then find "$PGDATA" -mindepth 1 -delete; fi
  password=$(mktemp)
  if [ -n "${POSTGRES_PASSWORD_FILE:-}" ]; then
    cat "$POSTGRES_PASSWORD_FILE" > "$password"
  elif [ -n "${POSTGRES_PASSWORD:-}" ]; then
    printf '%s\n' "$POSTGRES_PASSWORD" > "$password"
  else
    echo 'Set POSTGRES_PASSWORD_FILE or POSTGRES_PASSWORD.' >&2
    exit 1
  fi
  if [ "$(id -u)" = 0 ]; then chown postgres "$password"; fi
  with_a_name initdb --pgdata="$new" --username="$user" --pwfile="$password" --encoding=UTF8 \
    --auth-local=trust --auth-host=scram-sha-256 --no-instructions
  rm -f "$password"
  echo 'host all all all scram-sha-256' >> "$new/pg_hba.conf"
  echo "listen_addresses = '*'" >> "$new/postgresql.conf"
  if [ "$database" != postgres ]; then
    quoted=$(printf '%s' "$database" | sed 's/"/""/g')
    echo "CREATE DATABASE \"$quoted\"" | with_a_name postgres --single -D "$new" postgres > /dev/null
  fi
  find "$new" -mindepth 1 -maxdepth 1 ! -name PG_VERSION -exec mv -t "$PGDATA" -- {} +
  mv "$new/PG_VERSION" "$PGDATA/PG_VERSION"
  rmdir "$new"
}

mkdir -p "$PGDATA"
if [ "$(id -u)" = 0 ]; then find "$PGDATA" \! -user postgres -exec chown postgres {} +; fi
chmod 0700 "$PGDATA" || true
if [ ! -s "$PGDATA/PG_VERSION" ]; then initialise; fi
if [ -d "$new" ]; then rmdir "$new"; fi

unset POSTGRES_PASSWORD
if [ "$(id -u)" = 0 ]; then
  exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
fi
exec "$@"
