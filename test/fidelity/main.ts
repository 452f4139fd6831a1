import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReport, isFailure, type Explained, type Finding, type Report } from './report';
import { certificate } from './topics/certificate';
import { faults } from './topics/faults';
import { joining } from './topics/joining';
import { kinds } from './topics/kinds';
import { leaving } from './topics/leaving';
import { restoring } from './topics/restoring';
import { foundingEtcd, starting } from './topics/starting';
import { unpacking } from './topics/unpacking';
import { upgrading } from './topics/upgrading';

/** Recorded commands of K3s that practice hosts do not have. */
const COMMANDS: Readonly<Record<string, string>> = {
  'command k3s certificate check': 'text, table and JSON',
  'command k3s-uninstall.sh': 'removes all but /etc/rancher/node/password',
  'command kubectl drain': 'refusals, eviction, cordon',
};

const TOPICS: readonly ((report: Report) => Promise<void>)[] = [
  kinds,
  unpacking,
  starting,
  foundingEtcd,
  joining,
  leaving,
  certificate,
  restoring,
  upgrading,
  faults,
];

/** Holds the practice K3s against the recordings; progress goes to `say`. */
export async function compareAll(say: (text: string) => void): Promise<readonly Finding[]> {
  const text = readFileSync(join(import.meta.dirname, 'explained.json'), 'utf8');
  const report = createReport(JSON.parse(text) as Explained);
  for (const topic of TOPICS) {
    const start = Date.now();
    await topic(report);
    say(`${topic.name} after ${((Date.now() - start) / 1000).toFixed(1)} s`);
  }
  for (const [id, recorded] of Object.entries(COMMANDS)) report.absent(id, recorded);
  return report.findings();
}

export { isFailure };
