import { problem } from '../base/problem';
import { err, ok } from '../base/result';
import { certificateFields } from '../k3s/certificateFields';
import { isOwnCertificate, SERVED_CERTIFICATE, type CertificateFile } from '../k3s/certificates';
import { failed } from './failure';
import type { RemoteCommand, RemoteScript } from './remoteCommand';

/**
 * `certificates DATA_DIR` prints, by paths below it, when each certificate of K3s was written and the certificate itself
 * without its armour, which is public. Of the one that clients see K3s keeps a Secret; its key is not printed.
 */
export const PRINT_CERTIFICATES = String.raw`certificates() (
  cd "$1" 2>/dev/null || exit 0
  first='/^-----BEGIN/ { file = name == "" ? FILENAME : name; blocks[file] += 1; if (blocks[file] == 1) printf "certificate %s=", file; next }
/^-----END/ { if (blocks[file] == 1) printf "\n"; next }
blocks[file] == 1 { sub(/\r$/, ""); printf "%s", $0 }'
  set --
  for path in server/tls/*.crt server/tls/*/*.crt agent/*.crt; do
    case $path in
      *'*'* | *-ca.crt | *-ca.nochain.crt | server/tls/temporary-certs/*) ;;
      *) set -- "$@" "$path" ;;
    esac
  done
  if [ $# -gt 0 ]; then
    stat -c 'written %n=%Y' "$@"
    awk "$first" "$@"
  fi
  served=${SERVED_CERTIFICATE}
  if [ -f $served ]; then
    stat -c 'written %n=%Y' $served
    sed -n 's/.*"tls\.crt": *"\([^"]*\)".*/\1/p' $served | base64 -d 2>/dev/null | awk -v name=$served "$first"
  fi
)`;

/** $1: K3s data-dir. */
export const CERTIFICATE_DATES_SCRIPT: RemoteScript = {
  id: 'certificate-dates',
  text: `export LC_ALL=C
${PRINT_CERTIFICATES}
certificates "$1"`,
};

/** The certificates that K3s on a host has, with their ends. */
export function certificateDates(dataDir: string): RemoteCommand<readonly CertificateFile[]> {
  return {
    script: CERTIFICATE_DATES_SCRIPT,
    args: [dataDir],
    sudo: true,
    timeoutMs: 30_000,
    secrets: [],
    parse: (output) => {
      if (output.exitCode !== 0)
        return err(failed('certificates-unreadable', 'The certificates of K3s could not be read', output));
      const lines = [...output.stdout.matchAll(/^(certificate|written) ([^=\n]+)=(.*)$/gm)];
      const of = (kind: string): ReadonlyMap<string, string> =>
        new Map(lines.filter((line) => line[1] === kind).map(([, , path = '', text = '']) => [path, text]));
      const found = certificateFiles(of('certificate'), of('written'));
      if (found.length > 0) return ok(found);
      return err(
        problem('certificates-unreadable', `There are no certificates of K3s below ${dataDir}`, {
          nextSteps: ['Look whether K3s keeps its data in another folder (data-dir).'],
        }),
      );
    },
  };
}

/** What {@link PRINT_CERTIFICATES} printed, by paths. */
export function certificateFiles(
  certificates: ReadonlyMap<string, string>,
  written: ReadonlyMap<string, string>,
): readonly CertificateFile[] {
  return [...certificates].flatMap(([path, text]) => {
    const fields = isOwnCertificate(path) ? certificateFields(text.trim()) : undefined;
    return fields === undefined ? [] : [{ path, ...fields, written: (Number(written.get(path)) || 0) * 1000 }];
  });
}
