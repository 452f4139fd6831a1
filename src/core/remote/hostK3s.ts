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

/** {@link K3S_PATH}, and `k3s` as a command that calls that program. */
export const HOST_K3S = `${K3S_PATH}
k3s_binary=$(k3s_path)
k3s() {
  if [ -z "$k3s_binary" ]; then echo "k3s: not found: no unit of this host starts it, and it is not in $PATH" >&2; return 127; fi
  "$k3s_binary" "$@"
}`;
