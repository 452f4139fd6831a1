#!/bin/bash
# Makes a layer above the base in which packages are installed, or offered to apt-get in a repository on the host's own disk.
# openrc: they make it a host that OpenRC boots and that has the tools of Alpine.
# Run in a mount namespace of its own: unshare -m addLayer.sh ...
# usage: addLayer.sh install|offer|openrc BASE UPPER SCRATCH PACKAGE...
set -euo pipefail
how=$1 base=$2 upper=$3 scratch=$4
shift 4
# A TMPDIR of this machine does not exist in the tree, where programs run by chroot would look for it.
export TMPDIR=/tmp

mount --make-rprivate /
root=$scratch/root
mkdir -p "$upper" "$scratch/work" "$root"
mount -t overlay overlay -o "lowerdir=$base,upperdir=$upper,workdir=$scratch/work" "$root"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"

# Name resolution and proxies of this machine, only while packages are fetched.
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
cp -L /etc/hosts "$root/etc/hosts"
apt-config dump | grep -i '^Acquire::\(http\|https\)::proxy\|^Acquire::Check-' > "$root/etc/apt/apt.conf.d/99build" || true
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

export DEBIAN_FRONTEND=noninteractive
chroot "$root" apt-get update -q
if [ "$how" != offer ]; then
  chroot "$root" apt-get install -y -q --no-install-recommends "$@"
  chroot "$root" apt-get clean
else
  chroot "$root" apt-get install -y -q --no-install-recommends --download-only "$@"
  repository=$root/srv/packages
  mkdir -p "$repository"
  mv "$root"/var/cache/apt/archives/*.deb "$repository"
  for package in "$repository"/*.deb; do
    dpkg-deb -f "$package"
    printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "${package##*/}" "$(stat -c %s "$package")" "$(sha256sum < "$package" | cut -c 1-64)"
  done > "$repository/Packages"
  rm -f "$root"/etc/apt/sources.list.d/*
  echo 'deb [trusted=yes] file:/srv/packages ./' > "$root/etc/apt/sources.list"
fi

if [ "$how" = openrc ]; then
  ln -sf openrc-init "$root/sbin/init"
  rm -f "$root"/etc/runlevels/*/*
  ln -s /etc/init.d/ssh "$root/etc/runlevels/default/ssh"
  # The tools of Alpine come first in PATH, the shell among them; what belongs to Debian itself stays.
  chroot "$root" /bin/busybox --list \
    | grep -vxE 'init|linuxrc|halt|poweroff|reboot|run-init|switch_root|start-stop-daemon|su|login|passwd' \
    | grep -vxE 'ar|tar|dpkg|dpkg-deb|rpm|run-parts|adduser|addgroup|deluser|delgroup' \
    | while read -r tool; do ln -s /bin/busybox "$root/usr/local/bin/$tool"; done
  rm -f "$root"/usr/bin/{ss,systemctl,journalctl,timedatectl,getconf}
fi

rm -rf "$root"/var/lib/apt/lists/* "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf" "$root/etc/hosts" "$root/etc/apt/apt.conf.d/99build"
for unit in mariadb haproxy etcd postgresql nats-server; do chroot "$root" systemctl disable "$unit" > /dev/null 2>&1 || true; done
