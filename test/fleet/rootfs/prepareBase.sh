#!/bin/bash
# Turns a freshly bootstrapped Debian tree into the read-only lower layer of every host.
# usage: prepareBase.sh TREE PUBLIC_KEY_FILE CA_FILE OPS_PASSWORD PLAIN_PASSWORD
set -euo pipefail
tree=$1 key=$2 ca=$3 ops=$4 plain=$5
# A TMPDIR of this machine does not exist in the tree, where programs run by chroot would look for it.
export TMPDIR=/tmp

rm -f "$tree"/etc/ssh/ssh_host_* "$tree"/var/lib/dbus/machine-id
: > "$tree/etc/machine-id"

chroot "$tree" useradd -m -s /bin/bash -G sudo ops
chroot "$tree" useradd -m -s /bin/bash auto
chroot "$tree" useradd -m -s /bin/bash plain
printf '%s\n' "ops:$ops" "plain:$plain" | chroot "$tree" chpasswd
echo 'auto ALL=(ALL) NOPASSWD:ALL' > "$tree/etc/sudoers.d/auto"
chmod 440 "$tree/etc/sudoers.d/auto"
for home in root home/auto; do
  install -d -m 700 "$tree/$home/.ssh"
  install -m 600 "$key" "$tree/$home/.ssh/authorized_keys"
done
chroot "$tree" chown -R auto:auto /home/auto/.ssh

install -m 644 "$ca" "$tree/usr/local/share/ca-certificates/test-fleet.crt"
chroot "$tree" update-ca-certificates > /dev/null

# Units that have nothing to do in a container, or that would reach for a network. A manager of its own for each user who
# logs in costs a host four more of the 128 inotify instances that the kernel gives all hosts together.
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer e2scrub_reap.service fstrim.timer dpkg-db-backup.timer \
  getty.target console-getty.service systemd-udevd.service systemd-udev-trigger.service systemd-udev-settle.service \
  systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-timesyncd.service systemd-networkd-wait-online.service \
  systemd-firstboot.service systemd-update-utmp.service user@.service; do
  ln -sf /dev/null "$tree/etc/systemd/system/$unit"
done

mkdir -p "$tree/etc/systemd/journald.conf.d" "$tree/etc/systemd/system.conf.d"
printf '[Journal]\nStorage=volatile\nRuntimeMaxUse=16M\nRateLimitBurst=0\n' > "$tree/etc/systemd/journald.conf.d/fleet.conf"
printf '[Manager]\nDefaultTimeoutStopSec=10s\n' > "$tree/etc/systemd/system.conf.d/fleet.conf"
cat > "$tree/etc/ssh/sshd_config.d/fleet.conf" <<'CONF'
UseDNS no
PasswordAuthentication yes
KbdInteractiveAuthentication yes
PermitRootLogin prohibit-password
MaxStartups 100:30:200
CONF
