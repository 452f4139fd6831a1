import { installK3s } from '../../../src/core/remote/install';
import { unpackK3s } from '../../../src/core/remote/unpack';
import { etcdServer } from '../../practice/lab';
import { SOME_SCRIPT } from '../../support/installScripts';
import { startRecordedLab } from '../lab';
import { transcript } from '../recorded';
import type { Report } from '../report';

const SCALE = 0.1;

/** What the first call of a new binary does, how long it takes, and that it is done once. */
export async function unpacking(report: Report): Promise<void> {
  const [, first, second] = transcript('version-and-unpack.txt');
  const lab = await startRecordedLab({ servers: 1 }, SCALE);
  try {
    const unpack = async (): Promise<number> => {
      const begin = Date.now();
      await lab.run('server-1', unpackK3s('/var/lib/rancher/k3s'));
      return lab.seconds(Date.now() - begin);
    };
    const env = { INSTALL_K3S_VERSION: 'v1.36.3+k3s1', INSTALL_K3S_SKIP_START: 'true' };
    await lab.run('server-1', installK3s({ role: 'server', env }, SOME_SCRIPT));
    report.compareSeconds('unpacking: first subcommand', first?.seconds ?? 0, await unpack(), lab.slack);
    report.compareSeconds('unpacking: next subcommand', second?.seconds ?? 0, await unpack(), lab.slack);
    await lab.bring('server-1', 'server', etcdServer());
    report.compare(
      'unpacking: at a start after it',
      /Preparing data dir/.test(second?.err ?? ''),
      lab.fleet
        .inspect('server-1')
        .journal('k3s')
        .some((line) => line.includes('Preparing data dir')),
    );
  } finally {
    await lab.stop();
  }
}
