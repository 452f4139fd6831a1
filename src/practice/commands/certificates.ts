import { SERVED_CERTIFICATE } from '../../core/k3s/certificates';
import type { UnitName } from '../machine/host';
import type { PracticeHost } from '../machine/host';
import { installedVersion } from '../k3s/program';
import { rotateCertificates } from '../k3s/ownCertificates';
import { fail, type Command } from './command';
import { unitOf } from './units';

/** certificate-dates: data-dir. */
export const certificateDatesCommand: Command = ({ host, user, args, out }) => {
  if (user === 'root') out(certificateLines(host, args[0] ?? ''));
  return 0;
};

/** What the script prints of the certificates below a data-dir. */
export function certificateLines(host: PracticeHost, dataDir: string): string {
  const paths = ['server/tls', 'agent']
    .flatMap((folder) => host.files.below(`${dataDir}/${folder}`))
    .filter((path) => /\.crt$/.test(path) && !/-ca\.crt$/.test(path));
  const served = `${dataDir}/${SERVED_CERTIFICATE}`;
  const secret = host.files.get(served)?.content;
  const ofPort = /"tls\.crt":"([^"]*)"/.exec(secret ?? '')?.[1];
  const texts = [
    ...paths.map((path) => [path, host.files.get(path)?.content ?? ''] as const),
    ...(ofPort === undefined ? [] : [[served, Buffer.from(ofPort, 'base64').toString()] as const]),
  ];
  return texts
    .map(([path, pem]) => {
      const name = path.slice(dataDir.length + 1);
      const bytes = pem.replaceAll(/-----[^-]*-----|\s/g, '');
      return `written ${name}=${host.files.get(path)?.modified ?? 0}\ncertificate ${name}=${bytes}\n`;
    })
    .join('');
}

/** renew-certificates: unit, data-dir. */
export const renewCertificatesCommand: Command = async (run) => {
  const { host, user, args, out, world } = run;
  const [name = '', dataDir = ''] = args;
  const unit = unitOf(run, name);
  if (user !== 'root' || unit === undefined)
    return fail(run, `Failed to stop ${name}.service: Unit ${name}.service not loaded.`);
  const before = unit.state().invocation;
  unit.resetFailed();
  await unit.stop();
  if ((name as UnitName) === 'k3s') {
    if (installedVersion(host) === undefined) out('refused=k3s: not found\n');
    else rotateCertificates(host, dataDir, world.clock.now());
  }
  void unit.start();
  out(`InvocationID=${before}\n`);
  return 0;
};
