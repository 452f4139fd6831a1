#!/bin/bash
# Installs packages into a layer above the base. Run in a mount namespace of its own: unshare -m addServices.sh ...
# usage: addServices.sh BASE UPPER SCRATCH PACKAGE...
set -euo pipefail
base=$1 upper=$2 scratch=$3
shift 3
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
chroot "$root" apt-get install -y -q --no-install-recommends "$@"
chroot "$root" apt-get clean

rm -rf "$root"/var/lib/apt/lists/* "$root/usr/sbin/policy-rc.d" "$root/etc/resolv.conf" "$root/etc/hosts" "$root/etc/apt/apt.conf.d/99build"
for unit in mariadb haproxy etcd; do chroot "$root" systemctl disable "$unit" > /dev/null 2>&1 || true; done
