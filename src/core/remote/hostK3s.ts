/**
 * Has a script find the programs of root, whatever `secure_path` of sudo leaves out: Red Hat's lacks /usr/local/bin, hardened
 * ones also the folders that dpkg needs. https://github.com/k3s-io/k3s/issues/10175
 */
export const ROOT_PATH = 'PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/opt/bin';

/**
 * `k3s_path [UNIT]` prints the K3s of this host: the program that its unit starts, else what PATH has; nothing where there is
 * none. On a host with a read-only /usr it is in /opt/bin, and beside the one that runs there may be others. A unit that starts
 * something else, such as a wrapper, tells nothing of it. OpenRC has services in the place of units.
 */
export const K3S_PATH = String.raw`${ROOT_PATH}
k3s_path() {
  for unit in ${'${1:-k3s k3s-agent}'}; do
    path=$(systemctl show "$unit" -p ExecStart 2>/dev/null | sed -n 's/^ExecStart={ path=\([^ ;]*\/k3s\) ;.*/\1/p' | tail -n 1)
    if [ -z "$path" ]; then path=$(sed -n 's/^command="\(.*\/k3s\)"$/\1/p' "/etc/init.d/$unit" 2>/dev/null | tail -n 1); fi
    if [ -n "$path" ] && [ -x "$path" ]; then echo "$path"; return; fi
  done
  command -v k3s
}`;

/**
 * `k3s_data_dir` prints the data-dir that the unit gives to K3s by its arguments or variables; nothing where it gives none. One in
 * config.yaml K3s finds itself.
 */
const K3S_DATA_DIR = String.raw`k3s_data_dir() {
  for unit in k3s k3s-agent; do
    found=$({ systemctl show "$unit" -p ExecStart 2>/dev/null | sed -n 's/.*argv\[\]=\([^;]*\);.*/\1/p'
      sed -n '/^command_args=/,/[^\\]$/p' "/etc/init.d/$unit" 2>/dev/null
    } | tr -d "\"'\\\\" | tr '\n\t' '  ' | sed -n 's/.* -\{1,2\}d\(ata-dir\)\{0,1\}[= ]\{1,\}\([^ ]*\).*/\2/p')
    if [ -z "$found" ]; then
      found=$(sed -n "s/^\(export \)\{0,1\}K3S_DATA_DIR=['\"]\{0,1\}\([^'\"]*\).*/\2/p" "/etc/systemd/system/$unit.service.env" "/etc/default/$unit" "/etc/sysconfig/$unit" "/etc/conf.d/$unit" "/etc/rancher/k3s/$unit.env" 2>/dev/null | tail -n 1)
    fi
    if [ -n "$found" ]; then echo "$found"; return; fi
  done
}`;

/**
 * {@link K3S_PATH}, and `k3s` as a command that calls that program with the data-dir of its unit: without it every subcommand
 * unpacks all of K3s below the usual one. https://github.com/k3s-io/k3s/blob/master/cmd/k3s/main.go
 */
export const HOST_K3S = `${K3S_PATH}
${K3S_DATA_DIR}
k3s_binary=$(k3s_path)
k3s() {
  if [ -z "$k3s_binary" ]; then echo "k3s: not found: no unit of this host starts it, and it is not in $PATH" >&2; return 127; fi
  if [ -z "$K3S_DATA_DIR" ]; then
    K3S_DATA_DIR=$(k3s_data_dir)
    if [ -n "$K3S_DATA_DIR" ]; then export K3S_DATA_DIR; else unset K3S_DATA_DIR; fi
  fi
  "$k3s_binary" "$@"
}`;
