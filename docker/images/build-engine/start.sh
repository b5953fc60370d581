#!/bin/sh
# Starts an engine for builds: first the packet filter, then a name server for build steps, the way to the registry, and
# dockerd. If one of them ends, all do.
#
#   BUILD_REGISTRY          host:port of the registry of Nexos on this container's network; none by default
#   BUILD_REGISTRY_PORT     where the engine reaches it, on 127.0.0.1
#   BUILD_ALLOWED           what builds may use at private addresses, such as a mirror: IPv4:port, separated by spaces
#   BUILD_DENIED_NETWORKS   further addresses that builds must not reach, separated by spaces
#   BUILD_DISK_MB           size of the disk of images and build cache; 0: as large as the volume's
#   BUILD_PIDS, BUILD_MEMORY_MB, BUILD_CPUS   what all build steps together may use
#   BUILD_SOCKET_GROUP      id of the group that may use the socket
set -eu
here=/usr/local/lib/nexos
# No path of the machine, so that nobody takes the disk of the machine's engine for this one's.
data=/var/lib/nexos-builds
volume=/var/lib/nexos-disk
# For benchmarks (RFC 2544), so that it is no network of the operator.
step_address=198.19.0.1

list() {
  for entry in $1; do
    case "$entry" in *[!0-9a-fA-F.:/]*) echo "$entry is no address" >&2; exit 1 ;; esac
    case "$2:$entry" in
      4:*:*) ;;
      4:*) printf ', %s' "$entry" ;;
      6:*:*) printf ', %s' "$entry" ;;
    esac
  done
}
allowed=
for entry in ${BUILD_ALLOWED:-}; do
  case "$entry" in *[!0-9.:]* | *:*:* | [!0-9]* | *[!0-9]) echo "$entry is no IPv4 address with a port" >&2; exit 1 ;; esac
  allowed="$allowed, ${entry%:*} . ${entry##*:}"
done
denied4=$(list "${BUILD_DENIED_NETWORKS:-}" 4)
denied6=$(list "${BUILD_DENIED_NETWORKS:-}" 6)

id nexos-forward >/dev/null 2>&1 || useradd --system --no-create-home nexos-forward
sed -e "s#@DENIED4@#$denied4#" -e "s#@DENIED6@#$denied6#" -e "s#@ALLOWED4@#$allowed#" \
  -e "s#@REGISTRY_PORT@#${BUILD_REGISTRY_PORT:-1}#" "$here/filter.nft" >/run/filter.nft
nft --file /run/filter.nft

# The engine puts each step into a cgroup of its own below this container's, so that its limits hold for all of them.
cgroup=$(sed -n 's/^[0-9]*:\(pids\|memory\|\):\(.*\)$/\2/p' /proc/self/cgroup | head -n 1)
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  # Cgroup v2: a group with controllers for its children has no processes of its own.
  mkdir -p "/sys/fs/cgroup$cgroup/init"
  while read -r pid; do echo "$pid" >"/sys/fs/cgroup$cgroup/init/cgroup.procs" || true; done <"/sys/fs/cgroup$cgroup/cgroup.procs"
  steps="/sys/fs/cgroup$cgroup/buildkit"
  mkdir -p "$steps"
  echo '+cpu +memory +pids' >"/sys/fs/cgroup$cgroup/cgroup.subtree_control"
  echo "$BUILD_PIDS" >"$steps/pids.max"
  echo "${BUILD_MEMORY_MB}M" >"$steps/memory.max"
  test ! -e "$steps/memory.swap.max" || echo 0 >"$steps/memory.swap.max"
else
  for controller in pids memory; do mkdir -p "/sys/fs/cgroup/$controller$cgroup/buildkit"; done
  echo "$BUILD_PIDS" >"/sys/fs/cgroup/pids$cgroup/buildkit/pids.max"
  memory="/sys/fs/cgroup/memory$cgroup/buildkit"
  echo "${BUILD_MEMORY_MB}M" >"$memory/memory.limit_in_bytes"
  swap="$memory/memory.memsw.limit_in_bytes"
  test ! -e "$swap" || echo "${BUILD_MEMORY_MB}M" >"$swap"
fi

# A disk of its own: a file of this size, as a file system. A build that fills it fills nothing else.
if [ "${BUILD_DISK_MB:-0}" -gt 0 ]; then
  disk=$volume/disk.img
  if [ ! -e "$disk" ]; then
    truncate --size "${BUILD_DISK_MB}M" "$disk.new"
    mkfs.ext4 -q -F -m 0 "$disk.new"
    mv "$disk.new" "$disk"
  fi
  e2fsck -p "$disk" >/dev/null || test $? -le 2
  test -e /dev/loop-control || mknod /dev/loop-control c 10 237
  for number in $(seq 0 63); do test -e "/dev/loop$number" || mknod "/dev/loop$number" b 7 "$number"; done
  mount -o loop,noatime "$disk" "$data"
else
  mkdir -p "$volume/data"
  mount --bind "$volume/data" "$data"
fi

stop() {
  kill $children 2>/dev/null || true
  wait
}
trap 'stop; exit 0' TERM INT
children=

rm -rf /var/run/docker.pid /run/docker /run/containerd
# Only over it steps reach the resolvers of the machine.
dnsmasq --keep-in-foreground --no-hosts --no-daemon --interface=docker0 --except-interface=lo --bind-dynamic \
  --cache-size=1000 --user=dnsmasq --log-facility=- &
children="$children $!"
if [ -n "${BUILD_REGISTRY:-}" ]; then
  setpriv --reuid nexos-forward --regid nexos-forward --clear-groups --no-new-privs \
    socat "TCP-LISTEN:$BUILD_REGISTRY_PORT,bind=127.0.0.1,reuseaddr,fork" "TCP:$BUILD_REGISTRY" &
  children="$children $!"
fi
mkdir -p /run/nexos-builds
rm -f /run/nexos-builds/docker.sock
dockerd --host unix:///run/nexos-builds/docker.sock --group "${BUILD_SOCKET_GROUP:-0}" --data-root "$data" \
  --bip "$step_address/16" --icc=false --ipv6=false --dns "$step_address" --no-new-privileges --userland-proxy=false \
  --cgroup-parent "$cgroup" --exec-opt native.cgroupdriver=cgroupfs --label "dev.nexos.build-limits=$cgroup/buildkit" \
  --max-concurrent-downloads 3 &
children="$children $!"
# dash has no `wait -n`: looks once a second whether one of them has ended.
all_run() {
  for pid in $children; do kill -0 "$pid" 2>/dev/null || return 1; done
}
while all_run; do
  sleep 1 &
  wait $! || true
done
echo 'A process of the build engine has ended.' >&2
stop
exit 1
