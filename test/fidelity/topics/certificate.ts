import { connect } from 'node:tls';
import { dropNames } from '../../../src/core/remote/dropNames';
import { writeFile } from '../../../src/core/remote/file';
import { renewCertificates } from '../../../src/core/remote/renewCertificates';
import { controlUnit } from '../../../src/core/remote/unit';
import { etcdServer, eventually } from '../../practice/lab';
import { recording } from '../../support/journals';
import { startRecordedLab, type RecordedLab } from '../lab';
import type { Report } from '../report';

const SERVERS = ['server-1', 'server-2', 'server-3'];
const SECRET = '/var/lib/rancher/k3s/server/tls/dynamic-cert.json';
const EXTRA = ['extra.example', '10.77.0.99'];

/** The one certificate of all servers: its names, how they come, and that they do not go. */
export async function certificate(report: Report): Promise<void> {
  const lab = await startRecordedLab({ servers: 3 });
  const config = (id: string, ...names: string[]): string[] =>
    etcdServer(
      id === 'server-1' ? undefined : lab.address('server-1'),
      `tls-san: ${JSON.stringify(['10.77.0.100', ...names])}`,
    );
  const restart = async (id: string, lines: readonly string[]): Promise<void> => {
    await lab.run(id, writeFile('/etc/rancher/k3s/config.yaml', '0600', `${lines.join('\n')}\n`));
    const before = (await lab.status(id)).invocation;
    await lab.run(id, controlUnit('restart', 'k3s'));
    await eventually(
      async () => {
        const now = await lab.status(id);
        return now.active === 'active' && now.invocation !== before;
      },
      () => `${id} does not come back`,
    );
  };
  try {
    for (const id of SERVERS) await lab.bring(id, 'server', config(id));
    const annotations = (text: string): readonly string[] =>
      Object.entries((JSON.parse(text) as { metadata: { annotations: Record<string, string> } }).metadata.annotations)
        .filter(([key]) => !key.endsWith('/fingerprint'))
        .map(([key, value]) => `${key}: ${value}`)
        .sort();
    const secret = lab.named(lab.fleet.inspect('server-1').file(SECRET)?.content ?? '{}');
    report.compare(
      'certificate: names in secret k3s-serving',
      annotations(recording('secret-k3s-serving.json')),
      annotations(secret),
    );

    const recorded = recording('san-add-and-drop.txt');
    report.compare('certificate: same on all servers', recordedState(recorded, 0), await state(lab));
    await restart('server-1', config('server-1', ...EXTRA));
    report.compare(
      'certificate: names added to one server, that one restarted',
      recordedState(recorded, 2),
      await state(lab),
    );
    await restart('server-1', config('server-1'));
    report.compare('certificate: names taken away again, restarted', recordedState(recorded, 4), await state(lab));
    const served = async (): Promise<string> => (await shownBy(lab.address('server-1'))).serial;
    const before = await served();
    const renew = async (ids: readonly string[]): Promise<void> => {
      await Promise.all(ids.map((id) => lab.run(id, renewCertificates('k3s', '/var/lib/rancher/k3s'))));
      for (const id of ids)
        await eventually(
          async () => (await lab.status(id)).active === 'active' && (await served()) !== '',
          () => `${id} does not come back`,
        );
    };
    await renew(['server-1']);
    report.compare('certificate: rotated on one stopped server', recordedState(recorded, 5), await state(lab));
    report.compare('certificate: rotated on one, another serial', true, (await served()) !== before);
    await lab.run('server-1', dropNames(EXTRA));
    report.compare('certificate: annotations taken off the secret', recordedState(recorded, 8), await state(lab));
    for (const id of SERVERS) await lab.run(id, controlUnit('stop', 'k3s'));
    await renew(SERVERS);
    report.compare('certificate: then rotated on all stopped servers', recordedState(recorded, 9), await state(lab));
    report.absent('certificate: secret deleted', 'written again, names stay');
  } finally {
    await lab.stop();
  }
}

/** Whether the servers of the n-th group of recorded lines agree, and which extra names they show. */
function recordedState(text: string, group: number): unknown {
  const lines = [...text.matchAll(/^h\d: serial=(\w+) (.*)$/gm)].slice(group * 3, group * 3 + 3);
  return stateOf(lines.map(([, serial = '', names = '']) => ({ serial, names: names.trim().split(' ') })));
}

function stateOf(shown: readonly { readonly serial: string; readonly names: readonly string[] }[]): unknown {
  const extra = [...EXTRA, '10.77.0.100'].filter((name) => shown.every(({ names }) => names.includes(name)));
  return { serials: new Set(shown.map(({ serial }) => serial)).size, extra };
}

async function state(lab: RecordedLab): Promise<unknown> {
  return stateOf(await Promise.all(SERVERS.map((id) => shownBy(lab.address(id)))));
}

function shownBy(host: string): Promise<{ readonly serial: string; readonly names: readonly string[] }> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port: 6443, rejectUnauthorized: false }, () => {
      const { serialNumber, subjectaltname = '' } = socket.getPeerCertificate();
      socket.destroy();
      resolve({ serial: serialNumber, names: subjectaltname.split(', ').map((name) => name.replace(/^.*?:/, '')) });
    });
    socket.on('error', reject);
  });
}
