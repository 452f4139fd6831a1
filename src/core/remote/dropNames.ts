import { ok, err } from '../base/result';
import { failed } from './failure';
import { HOST_K3S } from './hostK3s';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * $@: names. Takes them out of the list that K3s keeps with the certificate of its port, in kube-system/k3s-serving. All servers
 * go on showing them: the certificate is made from that list only when every server starts without one.
 */
export const DROP_NAMES_SCRIPT: RemoteScript = {
  id: 'drop-names',
  text: String.raw`export LC_ALL=C
${HOST_K3S}
listed=$(k3s kubectl -n kube-system get secret k3s-serving --request-timeout=10s -o 'go-template={{range $key, $name := .metadata.annotations}}{{$name}} {{$key}}{{"\n"}}{{end}}') || exit 1
for name; do
  key=$(printf '%s\n' "$listed" | awk -v name="$name" '$1 == name && $2 ~ /^listener\.cattle\.io\/cn-/ {print $2; exit}')
  if [ -z "$key" ]; then continue; fi
  k3s kubectl -n kube-system annotate secret k3s-serving --request-timeout=10s "$key-" >/dev/null || exit 1
done`,
};

/** Takes names out of the list of the serving certificate. */
export function dropNames(names: readonly string[]): RemoteCommand<void> {
  return {
    script: DROP_NAMES_SCRIPT,
    args: names,
    sudo: true,
    timeoutMs: 120_000,
    secrets: [],
    parse: (output) =>
      output.exitCode === 0
        ? ok(undefined)
        : err(failed('names-not-dropped', 'The names could not be taken out of the list of the certificate', output)),
  };
}
