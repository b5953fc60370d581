#!/bin/sh
# Writes the root file system of a minimal Debian to standard output, as a tar: root.sh FOLDER
# FOLDER is for this alone: what an interrupted run left there goes first. Package lists are kept, so that images based
# on this one need not fetch them again.
set -eu
suite=bookworm
folder=$1

clean() {
  # debootstrap mounts /proc in it.
  awk -v inside="$folder/" 'index($2, inside) == 1 { print $2 }' /proc/self/mounts | sort -r | xargs -r -n 1 umount --
  rm -rf --one-file-system -- "$folder"
}
clean
trap clean EXIT
mkdir -p "$folder"
debootstrap --variant=minbase "$suite" "$folder" >&2
rm -rf -- "$folder/var/cache/apt/archives"
mkdir -p "$folder/var/cache/apt/archives/partial"
# As in Debian's own images: installing a service does not start it, and no package file is kept.
printf '#!/bin/sh\nexit 101\n' >"$folder/usr/sbin/policy-rc.d"
chmod 755 "$folder" "$folder/usr/sbin/policy-rc.d"
cat >"$folder/etc/apt/apt.conf.d/docker-clean" <<'END'
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };
APT::Install-Recommends "false";
END
tar --numeric-owner -C "$folder" -c .
