import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import type { DrillReport } from '../../../src/core/drill/drillReport';
import { planFleet, startFleet, type PracticeFleet } from '../../../src/practice/fleet';
import { EXIT } from '../../../src/cli/exitCodes';
import { practiceAllowances } from '../../support/allowances';
import { cli, type CliResult } from './run';

const NETWORK = `127.${200 + (process.pid % 50)}.23.`;
const FILE = 'cluster.k3s.yaml';
const DNS = `apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  replicas: 2
  template:
    metadata: { labels: { k8s-app: kube-dns } }
`;

/** Parts of simulated hosts are taken away for real, by the command that people use. */
describe('k3s-ha drill', () => {
  let folder: string;
  let fleet: PracticeFleet;
  const allowances = practiceAllowances(['11', '12', '13', '21', '22'].map((last) => `${NETWORK}${last}`));
  const run = (args: readonly string[], more: Parameters<typeof cli>[1] = {}): Promise<CliResult> =>
    cli([...args, ...allowances], {
      cwd: folder,
      env: { HOME: folder, XDG_STATE_HOME: path.join(folder, 'state'), KUBECONFIG: path.join(folder, 'kubeconfig') },
      ...more,
    });
  const drill = (parts: string, more: Parameters<typeof cli>[1] = {}, seconds = '3'): Promise<CliResult> =>
    run(['drill', FILE, '--parts', parts, '--seconds', seconds, '--name', 'practice', '--report', 'reports'], more);
  const reports = (): string[] => readdirSync(path.join(folder, 'reports')).filter((name) => name.endsWith('.json'));
  const lastReport = (): DrillReport =>
    JSON.parse(readFileSync(path.join(folder, 'reports', reports().sort().at(-1) ?? ''), 'utf8')) as DrillReport;
  const active = (id: string): string => fleet.inspect(id).unit(id.startsWith('server') ? 'k3s' : 'k3s-agent').active;
  const well = (): Promise<void> =>
    expect.poll(async () => (await run(['status', FILE])).code, { timeout: 60_000 }).toBe(0) as Promise<void>;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'k3s-ha-drill-'));
    const example = path.join(import.meta.dirname, '../../../examples/practice', FILE);
    const text = readFileSync(example, 'utf8').replaceAll('127.77.0.', NETWORK);
    writeFileSync(path.join(folder, FILE), `${text}\nmanifests: [./dns.yaml]\n`);
    writeFileSync(path.join(folder, 'dns.yaml'), DNS);
    fleet = await startFleet({ ...planFleet(normalise(parseDocument(text).data)), directory: folder, timeScale: 0.05 });
    expect(await run(['apply', FILE, '--yes'])).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await fleet?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('needs the name of the cluster, and takes nothing away before', async () => {
    const asked = await run(['drill', FILE, '--parts', 'server-2']);
    expect(asked).toMatchObject({ code: 13, stderr: expect.stringContaining('go down for real') });
    expect(asked.stdout).toContain('Stop k3s for 30 s');
    expect(active('server-2')).toBe('active');
    expect(await run(['drill', FILE, '--parts', 'server-9,link:server-2'])).toMatchObject({
      code: 11,
      stdout: expect.stringContaining('cannot take "server-9" away'),
    });
  });

  it('takes K3s of a server and the network of an agent away, brings both back, and reports', async () => {
    const before = fleet.inspect('server-2').unit('k3s').invocation;
    const drilled = await drill('server-2,link:agent-1');
    expect(drilled).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Done: 2 parts taken away and brought back'),
    });
    expect(fleet.inspect('server-2').unit('k3s').invocation).not.toBe(before);
    const { result, simulated, parts, address } = lastReport();
    expect({ result, simulated, address }).toEqual({
      result: 'done',
      simulated: true,
      address: `https://${NETWORK}100:6443`,
    });
    expect(parts.map(({ part, taken }) => `${part} ${taken}`)).toEqual(['k3s:server-2 true', 'link:agent-1 true']);
    const [server, agent] = parts;
    expect(server?.predicted.quorum).toMatchObject({ alive: 2, members: 3 });
    expect(server?.seen).toMatchObject({ back: true, quorum: { alive: 2, members: 3 } });
    expect(server?.seen?.api.asked).toBeGreaterThan(20);
    expect(server?.seen?.dns).toMatchObject({ asked: expect.any(Number), failed: 0 });
    expect(agent?.seen).toMatchObject({ back: true, quorum: { alive: 3, members: 3 } });
    const text = readFileSync(path.join(folder, 'reports', (reports()[0] ?? '').replace(/json$/, 'md')), 'utf8');
    expect(text).toContain('**These machines are simulated.**');
    expect(text).toMatch(/\| K3s on server-2 stopped \| \d+\.\d s \| \d+ of \d+ \|/);
    await well();
  });

  it('ends at once when something else fails, and brings back what it took', async () => {
    let off = false;
    const onStderr = (said: string): void => {
      if (off || !said.includes('Stop k3s for 5 s')) return;
      off = true;
      void fleet.powerOff('agent-2');
    };
    const drilled = await drill('server-2,server-3', { onStderr }, '5');
    expect(drilled).toMatchObject({ code: 12, stderr: expect.stringContaining('nobody took it away') });
    const { result, surprises, parts } = lastReport();
    expect(result).toBe('failed');
    expect(surprises.join(' ')).toContain('agent-2 is');
    expect(parts.map(({ taken }) => taken)).toEqual([true, false]);
    expect(active('server-2')).toBe('active');
    expect(await drill('server-1')).toMatchObject({
      code: 11,
      stdout: expect.stringMatching(/agent-2 (does not answer|is)/),
    });
    await fleet.powerOn('agent-2');
    await well();
  });

  it('brings back what it took when somebody ends it, and reports as far as it came', async () => {
    let ended = false;
    const before = fleet.inspect('server-2').unit('k3s').invocation;
    const drilled = await drill(
      'server-2,server-3',
      {
        onStderr: (said, kill) => {
          if (ended || !said.includes('Stop k3s for')) return;
          ended = true;
          kill();
        },
      },
      '20',
    );
    expect(drilled.code).toBe(EXIT.cancelled);
    expect(drilled.stderr).toMatch(/server-2 +✗ Watch the cluster for 20 s.*\(cancelled\)/);
    expect(active('server-2')).toBe('active');
    expect(fleet.inspect('server-2').unit('k3s').invocation).not.toBe(before);
    expect(fleet.inspect('server-2').file('/var/lib/k3s-ha/drill')).toBeUndefined();
    const { result, parts } = lastReport();
    expect({ result, taken: parts.map(({ taken }) => taken) }).toEqual({ result: 'cancelled', taken: [true, false] });
    expect(parts[0]?.seen).toMatchObject({ back: true });
    await well();
  });

  it.each([
    ['the machine that it took something from', 'server-2'],
    ['the server through which it watches', 'server-1'],
  ])('loses its connection to %s, and what it took comes back all the same', async (_words, lost) => {
    let cut = false;
    const drilled = await drill(
      'server-2',
      {
        onStderr: (said) => {
          if (cut || !said.includes('Stop k3s for')) return;
          cut = true;
          fleet.dropConnections(lost);
        },
      },
      '5',
    );
    expect(cut).toBe(true);
    expect(drilled).toMatchObject({ code: 0 });
    expect(active('server-2')).toBe('active');
    expect(fleet.inspect('server-2').file('/var/lib/k3s-ha/drill')).toBeUndefined();
    expect(lastReport().parts[0]).toMatchObject({ taken: true, seen: { back: true } });
    await well();
  });

  it('is finished by the same command when it is cut off, and by the machine itself before', async () => {
    let killed = false;
    const cut = await drill('server-3', {
      onStderr: (said, kill) => {
        if (killed || !said.includes('Stop k3s for 3 s')) return;
        killed = true;
        kill(true);
      },
    });
    expect(cut.code).not.toBe(0);
    const mark = (): string | undefined => fleet.inspect('server-3').file('/var/lib/k3s-ha/drill')?.content;
    expect(mark()).toContain('k3s:server-3');
    // Nobody is connected any more, and the machine has it back.
    await expect.poll(() => active('server-3'), { timeout: 60_000 }).toBe('active');
    const finished = await drill('server-1');
    expect(finished).toMatchObject({ code: 0, stdout: expect.stringContaining('A drill was cut off') });
    expect(mark()).toBeUndefined();
    expect(finished.stderr).toContain('Done: what an earlier drill had taken away is back');
    expect(finished.stdout).not.toContain('server-1: Stop');
  });
});
