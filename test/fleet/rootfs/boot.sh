#!/bin/bash
# Boots one host. Runs in fresh mount, uts, ipc, pid and cgroup namespaces and in the network namespace of the host.
# usage: boot.sh HOST_FOLDER LOWER HOSTNAME
set -e
folder=$1 lower=$2 name=$3
root=$folder/root

mount --make-rprivate /
mount -t overlay overlay -o "lowerdir=$lower,upperdir=$folder/upper,workdir=$folder/work" "$root"
hostname "$name"

mount -t proc proc "$root/proc"
for file in sysrq-trigger kcore; do
  if [ -e "$root/proc/$file" ]; then mount --bind /dev/null "$root/proc/$file"; fi
done
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"

mount -t tmpfs -o mode=755 tmpfs "$root/dev"
while read -r node major minor; do mknod -m 666 "$root/dev/$node" c "$major" "$minor"; done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
kmsg 1 11
NODES
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s fd/0 "$root/dev/stdin"
ln -s fd/1 "$root/dev/stdout"
ln -s fd/2 "$root/dev/stderr"
touch "$root/dev/console"

# Every cgroup hierarchy of the machine, seen from this host's own cgroup. Fresh mounts, so that systemd may write.
cgroups() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2, $3, $4 }' /proc/self/mounts; }
hierarchies=$(cgroups)
if ! echo "$hierarchies" | grep -q '^/sys/fs/cgroup cgroup2 '; then mount -t tmpfs -o mode=755 tmpfs "$root/sys/fs/cgroup"; fi
echo "$hierarchies" | while read -r at type options; do
  if [ "$at" != /sys/fs/cgroup ]; then mkdir -p "$root$at"; fi
  if [ "$type" = cgroup2 ]; then mount -t cgroup2 cgroup2 "$root$at"; continue; fi
  case ,$options, in
    *,name=systemd,*) mount -t cgroup -o none,name=systemd cgroup "$root$at" ;;
    *) mount -t cgroup -o "$(echo "$options" | tr , '\n' | grep -vxE 'rw|ro|relatime|nosuid|nodev|noexec|xattr|release_agent=.*|clone_children' | paste -sd,)" cgroup "$root$at" ;;
  esac
done

# Most of /proc/sys belongs to the whole machine; only the network part is this host's own.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,ro "$root/proc/sys"
cat /proc/sys/kernel/random/uuid > "$root/run/boot_id"
mount --bind "$root/run/boot_id" "$root/proc/sys/kernel/random/boot_id"

mkdir -p "$root/.old"
cd "$root"
pivot_root . .old
# Without these a host could set the machine's clock, load modules or clear the kernel log.
drop=-sys_time,-sys_module,-syslog
exec env -i container=nspawn PATH=/usr/sbin:/usr/bin:/sbin:/bin /usr/bin/setpriv --bounding-set=$drop --inh-caps=$drop \
  /bin/sh -c 'umount -l /.old; rmdir /.old; mount --make-rshared /; exec /sbin/init' < /dev/null > /run/init.log 2>&1
