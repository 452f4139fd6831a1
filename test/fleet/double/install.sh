#!/bin/sh
# Test double of the K3s install script: same variables, files, log lines and restart rules, for systemd, OpenRC and amd64.
# What it installs is a test double of k3s that runs no containers.
set -e

info() { echo "[INFO] " "$@"; }
warn() { echo "[WARN] " "$@" >&2; }
fatal() { echo "[ERROR] " "$@" >&2; exit 1; }

quote_arguments() {
  for word in "$@"; do
    printf " '%s'" "$(printf %s "$word" | sed "s/'/'\\\\''/g")"
  done
}

choose_command() {
  case "$1" in
    '' | -*)
      if [ -z "$K3S_URL" ]; then
        COMMAND=server
      else
        if [ -z "$K3S_TOKEN" ] && [ -z "$K3S_TOKEN_FILE" ]; then
          fatal "Defaulted k3s exec command to 'agent' because K3S_URL is defined, but K3S_TOKEN or K3S_TOKEN_FILE is not defined."
        fi
        COMMAND=agent
      fi
      ;;
    *)
      COMMAND=$1
      shift
      ;;
  esac
  ARGUMENTS=$(quote_arguments "$@")
}

set_up() {
  if [ -x /sbin/openrc-run ]; then INIT=openrc
  elif [ -x /bin/systemctl ]; then INIT=systemd
  else fatal 'Can not find systemd or openrc to use as a process supervisor for k3s'
  fi
  case "$K3S_URL" in
    '' | https://*) ;;
    *) fatal "Only https:// URLs are supported for K3S_URL (have $K3S_URL)" ;;
  esac
  case "$INSTALL_K3S_NAME" in
    *[!a-zA-Z0-9_.-]*) fatal "Invalid characters for system name: $INSTALL_K3S_NAME" ;;
  esac
  [ "$(uname -m)" = x86_64 ] || fatal "Unsupported architecture $(uname -m)"

  SUDO=sudo
  if [ "$(id -u)" -eq 0 ]; then SUDO=; fi

  SYSTEM_NAME=k3s
  if [ -n "$INSTALL_K3S_NAME" ]; then SYSTEM_NAME=k3s-$INSTALL_K3S_NAME
  elif [ "$COMMAND" != server ]; then SYSTEM_NAME=k3s-$COMMAND; fi

  BIN_DIR=${INSTALL_K3S_BIN_DIR:-/usr/local/bin}
  SYSTEMD_DIR=${INSTALL_K3S_SYSTEMD_DIR:-/etc/systemd/system}
  SERVICE=$SYSTEM_NAME.service
  UNIT_FILE=$SYSTEMD_DIR/$SERVICE
  ENV_FILE=$UNIT_FILE.env
  if [ $INIT = openrc ]; then
    $SUDO mkdir -p /etc/rancher/k3s
    UNIT_FILE=/etc/init.d/$SYSTEM_NAME
    ENV_FILE=/etc/rancher/k3s/$SYSTEM_NAME.env
  fi
  KILLALL=$BIN_DIR/k3s-killall.sh
  UNINSTALL=$BIN_DIR/$SYSTEM_NAME-uninstall.sh
  if [ "$INSTALL_K3S_BIN_DIR_READ_ONLY" = true ]; then INSTALL_K3S_SKIP_DOWNLOAD=true; fi
  ARTIFACT_URL=${INSTALL_K3S_ARTIFACT_URL:-https://github.com/k3s-io/k3s/releases/download}
  CHANNEL_URL=${INSTALL_K3S_CHANNEL_URL:-https://update.k3s.io/v1-release/channels}
  CHANNEL=${INSTALL_K3S_CHANNEL:-stable}
  if [ -n "$GITHUB_URL" ]; then warn 'GITHUB_URL is no longer used; set INSTALL_K3S_ARTIFACT_URL'; fi
  HASH_BEFORE=$(hash_of_installed)
}

hash_of_installed() { $SUDO sha256sum "$BIN_DIR/k3s" "$UNIT_FILE" "$ENV_FILE" 2> /dev/null || true; }

download() {
  if command -v curl > /dev/null; then curl -o "$1" -sfL "$2" || fatal 'Download failed'
  elif command -v wget > /dev/null; then wget -qO "$1" "$2" || fatal 'Download failed'
  else fatal 'Can not find curl or wget for downloading files'; fi
}

get_binary() {
  case "$INSTALL_K3S_SKIP_DOWNLOAD" in
    true | binary)
      info 'Skipping k3s download and verify'
      [ -x "$BIN_DIR/k3s" ] || fatal "Executable k3s binary not found at $BIN_DIR/k3s"
      return
      ;;
  esac
  if [ -n "$INSTALL_K3S_VERSION" ]; then
    VERSION=$INSTALL_K3S_VERSION
  else
    info "Finding release for channel $CHANNEL"
    VERSION=$(curl -w '%{url_effective}' -L -s -S "$CHANNEL_URL/$CHANNEL" -o /dev/null | sed -e 's|.*/||' -e 's|%2B|+|')
  fi
  info "Using $VERSION as release"
  base=$ARTIFACT_URL/$(printf %s "$VERSION" | sed 's/+/%2B/g')
  TEMP=$(mktemp -d -t k3s-install.XXXXXXXXXX)
  trap 'code=$?; rm -rf "$TEMP"; exit $code' INT EXIT
  info "Downloading hash $base/sha256sum-amd64.txt"
  download "$TEMP/hash" "$base/sha256sum-amd64.txt"
  expected=$(grep ' k3s$' "$TEMP/hash" | cut -d' ' -f1)
  if [ -x "$BIN_DIR/k3s" ] && [ "$(sha256sum < "$BIN_DIR/k3s" | cut -d' ' -f1)" = "$expected" ]; then
    info 'Skipping binary downloaded, installed k3s matches hash'
    return
  fi
  info "Downloading binary $base/k3s"
  download "$TEMP/k3s" "$base/k3s"
  info 'Verifying binary download'
  got=$(sha256sum < "$TEMP/k3s" | cut -d' ' -f1)
  [ "$expected" = "$got" ] || fatal "Download sha256 does not match $expected, got $got"
  chmod 755 "$TEMP/k3s"
  info "Installing k3s to $BIN_DIR/k3s"
  $SUDO chown root:root "$TEMP/k3s"
  $SUDO mv -f "$TEMP/k3s" "$BIN_DIR/k3s"
}

create_symlinks() {
  if [ "$INSTALL_K3S_BIN_DIR_READ_ONLY" = true ] || [ "$INSTALL_K3S_SYMLINK" = skip ]; then return; fi
  for name in kubectl crictl ctr; do
    if [ -e "$BIN_DIR/$name" ] && [ "$INSTALL_K3S_SYMLINK" != force ]; then
      info "Skipping $BIN_DIR/$name symlink to k3s, already exists"
      continue
    fi
    found=$(command -v "$name" || true)
    if [ -n "$found" ] && [ "$INSTALL_K3S_SYMLINK" != force ]; then
      info "Skipping $BIN_DIR/$name symlink to k3s, command exists in PATH at $found"
      continue
    fi
    info "Creating $BIN_DIR/$name symlink to k3s"
    $SUDO ln -sf k3s "$BIN_DIR/$name"
  done
}

create_killall() {
  if [ "$INSTALL_K3S_BIN_DIR_READ_ONLY" = true ]; then return; fi
  info "Creating killall script $KILLALL"
  $SUDO tee "$KILLALL" > /dev/null << 'EOF'
#!/bin/sh
[ "$(id -u)" -eq 0 ] || exec sudo --preserve-env=K3S_DATA_DIR "$0" "$@"
for unit in /etc/systemd/system/k3s*.service; do
  [ -s "$unit" ] && systemctl stop "$(basename "$unit")"
done
for unit in /etc/init.d/k3s*; do
  [ -x "$unit" ] && "$unit" stop
done
rm -rf /run/k3s /var/lib/cni
exit 0
EOF
  $SUDO chmod 755 "$KILLALL"
}

create_uninstall() {
  if [ "$INSTALL_K3S_BIN_DIR_READ_ONLY" = true ]; then return; fi
  info "Creating uninstall script $UNINSTALL"
  $SUDO tee "$UNINSTALL" > /dev/null << EOF
#!/bin/sh
[ "\$(id -u)" -eq 0 ] || exec sudo --preserve-env=K3S_DATA_DIR "\$0" "\$@"
$KILLALL
if command -v systemctl > /dev/null; then
  systemctl disable $SYSTEM_NAME
  systemctl reset-failed $SYSTEM_NAME
fi
if command -v rc-update > /dev/null; then rc-update delete $SYSTEM_NAME default; fi
rm -f $UNIT_FILE $ENV_FILE
if command -v systemctl > /dev/null; then systemctl daemon-reload; fi
trap 'rm -f $UNINSTALL' EXIT
if ls $SYSTEMD_DIR/k3s*.service > /dev/null 2>&1 || ls /etc/init.d/k3s* > /dev/null 2>&1; then
  echo 'Additional k3s services installed, skipping uninstall of k3s'
  exit
fi
for name in kubectl crictl ctr; do
  if [ -L $BIN_DIR/\$name ]; then rm -f $BIN_DIR/\$name; fi
done
rm -rf /etc/rancher/k3s /run/k3s /run/flannel "\${K3S_DATA_DIR:-/var/lib/rancher/k3s}" /var/lib/kubelet
rm -f $BIN_DIR/k3s $KILLALL
EOF
  $SUDO chmod 755 "$UNINSTALL"
}

create_env_file() {
  info "env: Creating environment file $ENV_FILE"
  $SUDO rm -f "$ENV_FILE" "$UNIT_FILE"
  $SUDO touch "$ENV_FILE"
  $SUDO chmod 0600 "$ENV_FILE"
  sh -c export | while read word line; do printf '%s\n' "$line"; done | grep -E '^(K3S|KINE|CONTAINERD)_' | $SUDO tee "$ENV_FILE" > /dev/null || true
  sh -c export | while read word line; do printf '%s\n' "$line"; done | grep -Ei '^(NO|HTTP|HTTPS)_PROXY' | $SUDO tee -a "$ENV_FILE" > /dev/null || true
}

create_openrc_service() {
  log=/var/log/$SYSTEM_NAME.log
  info "openrc: Creating service file $UNIT_FILE"
  $SUDO tee "$UNIT_FILE" > /dev/null << EOF
#!/sbin/openrc-run

depend() {
    after network-online
    want cgroups
}

start_pre() {
    rm -f /tmp/k3s.*
}

supervisor=supervise-daemon
name=$SYSTEM_NAME
command="$BIN_DIR/k3s"
command_args="$COMMAND$(printf %s "$ARGUMENTS" | sed "s/\"/\\\\\"/g; s/' '/' \\\\\n\t'/g; 1s/^ / \\\\\n\t/") \\
    >>$log 2>&1"

output_log=$log
error_log=$log

pidfile="/var/run/$SYSTEM_NAME.pid"
respawn_delay=5
respawn_max=0

set -o allexport
if [ -f /etc/environment ]; then . /etc/environment; fi
if [ -f $ENV_FILE ]; then . $ENV_FILE; fi
set +o allexport
EOF
  $SUDO chmod 0755 "$UNIT_FILE"
  $SUDO mkdir -p /etc/logrotate.d
  printf '%s {\n\tmissingok\n\tnotifempty\n\tcopytruncate\n}\n' "$log" | $SUDO tee "/etc/logrotate.d/$SYSTEM_NAME" > /dev/null
}

create_unit() {
  if [ $INIT = openrc ]; then create_openrc_service; return; fi
  info "systemd: Creating service file $UNIT_FILE"
  $SUDO tee "$UNIT_FILE" > /dev/null << EOF
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=${INSTALL_K3S_TYPE:-notify}
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-$ENV_FILE
KillMode=process
Delegate=yes
User=root
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=$BIN_DIR/k3s $COMMAND$(printf %s "$ARGUMENTS" | sed "s/' '/' \\\\\n\t'/g; 1s/^ / \\\\\n\t/")

EOF
}

enable_and_start() {
  if [ "$INSTALL_K3S_SKIP_ENABLE" = true ]; then return; fi
  if [ $INIT = openrc ]; then
    info "openrc: Enabling $SYSTEM_NAME service for default runlevel"
    $SUDO rc-update add "$SYSTEM_NAME" default > /dev/null
  else
    info "systemd: Enabling $SYSTEM_NAME unit"
    $SUDO systemctl enable "$UNIT_FILE" > /dev/null
    $SUDO systemctl daemon-reload > /dev/null
  fi
  if [ "$INSTALL_K3S_SKIP_START" = true ]; then return; fi
  if [ "$HASH_BEFORE" = "$(hash_of_installed)" ] && [ "$INSTALL_K3S_FORCE_RESTART" != true ]; then
    info 'No change detected so skipping service start'
    return
  fi
  info "$INIT: Starting $SYSTEM_NAME"
  if [ $INIT = openrc ]; then $SUDO "$UNIT_FILE" restart; else $SUDO systemctl restart "$SYSTEM_NAME"; fi
}

eval set -- "$(quote_arguments $INSTALL_K3S_EXEC) $(quote_arguments "$@")"
choose_command "$@"
set_up
get_binary
info 'Skipping installation of SELinux RPM'
create_symlinks
create_killall
create_uninstall
create_env_file
create_unit
enable_and_start
