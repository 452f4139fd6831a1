import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Certificates in a folder, made by openssl. */
export interface TlsFolder {
  readonly folder: string;
  /** `<name>.crt` and `<name>.key`: an authority. */
  authority(name: string): void;
  /** `<name>.crt` and `<name>.key`, signed by an authority; `extensions` as openssl's configuration has them. */
  issue(name: string, by: string, ...extensions: readonly string[]): void;
  openssl(...words: readonly string[]): void;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function tlsFolder(folder: string): TlsFolder {
  mkdirSync(folder, { recursive: true });
  const openssl = (...words: readonly string[]): void =>
    void execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  return {
    folder: join(folder),
    openssl,
    authority(name) {
      const subject = `/CN=${name} ${process.hrtime.bigint()}`;
      openssl('req', '-x509', ...KEY, '-subj', subject, '-days', '30', '-keyout', `${name}.key`, '-out', `${name}.crt`);
    },
    issue(name, by, ...extensions) {
      const more = extensions.flatMap((extension) => ['-addext', extension]);
      openssl('req', ...KEY, '-subj', `/CN=${name}`, ...more, '-keyout', `${name}.key`, '-out', `${name}.csr`);
      const signer = ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial', '-copy_extensions', 'copy'];
      openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-days', '30', '-out', `${name}.crt`);
    },
  };
}
