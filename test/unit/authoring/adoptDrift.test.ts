import { describe, expect, it } from 'vitest';
import { adoptAll, adoptDifferences, adoptStranger } from '../../../src/core/authoring/adoptDrift';
import { applyEdits } from '../../../src/core/base/text';
import { normalise } from '../../../src/core/cluster/normalise';
import { parseDocument } from '../../../src/core/document/parse';
import type { DriftSubject, HostDifference, HostDrift } from '../../../src/core/health/hostDrift';
import { remainingDrift } from '../../../src/core/health/remainingDrift';
import { driftFindings } from '../../../src/core/language/driftFindings';

const TEXT = `apiVersion: k3s-ha/v1
kind: Cluster
metadata: { name: edge }
k3s:
  version: v1.36.3+k3s1 # the release
token: \${secret:edge-token}
servers:
  config:
    # who may read it
    write-kubeconfig-mode: "0640"
    tls-san: [10.0.0.100]
  nodes:
    - { host: 10.0.0.11, name: server-1 }
    - { host: 10.0.0.12, name: server-2 } # in the cellar
    - 10.0.0.13
agents:
  nodes:
    - host: 10.0.1.[11-12]
      config:
        node-label: [disk=ssd, tier=front]
`;

function fileOf(text: string) {
  const document = parseDocument(text);
  return { document, cluster: normalise(document.data) };
}

function on(machine: string, about: DriftSubject): HostDifference {
  return { machine, about, seen: `${about.kind} there`, says: 'the file says otherwise', files: [] };
}

function driftOf(...differences: readonly HostDifference[]): HostDrift {
  const ids = ['server-1', 'server-2', '10.0.0.13', '10.0.1.11', '10.0.1.12'];
  return {
    machines: ids.map((id) => ({ id, host: id, differences: differences.filter(({ machine }) => machine === id) })),
    unseen: [],
    strangers: [],
    problems: [],
  };
}

const SERVERS = ['server-1', 'server-2', '10.0.0.13'];
const mode = (...present: readonly string[]): DriftSubject => ({
  kind: 'option',
  name: 'write-kubeconfig-mode',
  ...(present.length === 0 ? {} : { present }),
});

/** The text after what was seen on these machines was taken over; the sentence when it cannot be. */
function adopted(text: string, ...same: readonly HostDifference[]): string {
  const file = fileOf(text);
  const edits = adoptDifferences(file, same, driftOf(...same));
  return edits.ok ? applyEdits(text, edits.value) : edits.error;
}

describe('what runs is taken into the file', () => {
  it('at the line that says it for all, when all have it, with its comment and quotes', () => {
    const text = adopted(TEXT, ...SERVERS.map((id) => on(id, mode('0600'))));
    expect(text).toBe(TEXT.replace('"0640"', '"0600"'));
  });

  it('beside the machines that alone have it, whatever form their entries have', () => {
    const text = adopted(TEXT, on('server-2', mode('0600')), on('10.0.0.13', mode('0600')));
    const { servers } = fileOf(text).cluster;
    expect(servers.map(({ config }) => config['write-kubeconfig-mode'])).toEqual(['0640', '0600', '0600']);
    expect(text).toContain('# in the cellar');
    expect(text).toContain('# who may read it');
  });

  it('takes an option out that no machine has, and says why not when only some are without it', () => {
    const text = adopted(TEXT, ...SERVERS.map((id) => on(id, mode())));
    expect(fileOf(text).cluster.servers.map(({ config }) => Object.keys(config))).toEqual(
      SERVERS.map(() => ['tls-san']),
    );
    expect(adopted(TEXT, on('server-1', mode()))).toContain('change it by hand');
  });

  it('adds what the file did not have, as a person writes it', () => {
    const text = adopted(
      TEXT,
      ...SERVERS.map((id) => on(id, { kind: 'option', name: 'secrets-encryption', present: ['true'] })),
    );
    expect(text).toContain('    secrets-encryption: true\n');
    const list = adopted(TEXT, on('server-1', { kind: 'option', name: 'kubelet-arg', present: ['max-pods=200'] }));
    expect(fileOf(list).cluster.servers[0]?.config['kubelet-arg']).toEqual(['max-pods=200']);
  });

  it('knows that machines of one entry cannot differ', () => {
    const one = on('10.0.1.11', { kind: 'option', name: 'debug', present: ['true'] });
    expect(adopted(TEXT, one)).toMatch(/share an entry or a line|change it by hand/);
    const both = adopted(TEXT, one, { ...one, machine: '10.0.1.12' });
    expect(fileOf(both).cluster.agents.map(({ config }) => config['debug'])).toEqual([true, true]);
  });

  it('takes a release when all machines have it, and no other one', () => {
    const version: DriftSubject = { kind: 'version', present: 'v1.36.4+k3s1' };
    const all = ['server-1', 'server-2', '10.0.0.13', '10.0.1.11', '10.0.1.12'].map((id) => on(id, version));
    expect(adopted(TEXT, ...all)).toBe(TEXT.replace('v1.36.3', 'v1.36.4'));
    expect(adopted(TEXT, on('server-1', version))).toContain('The file has one release for all machines');
  });

  it('takes labels as the Nodes have them', () => {
    const label = (present: string): DriftSubject => ({ kind: 'mark', option: 'node-label', key: 'disk', present });
    const both = (about: DriftSubject) => [on('10.0.1.11', about), on('10.0.1.12', about)];
    expect(adopted(TEXT, ...both(label('disk=hdd')))).toContain('disk=hdd');
    expect(fileOf(adopted(TEXT, ...both(label('')))).cluster.agents[0]?.config['node-label']).toEqual(['tier=front']);
  });

  it('all of it in one change, with what cannot be taken over in words', () => {
    const drift = {
      ...driftOf(
        ...SERVERS.map((id) => on(id, mode('0600'))),
        on('server-1', { kind: 'version', present: 'v1.36.4+k3s1' }),
        on('server-1', { kind: 'option', name: 'token', secret: true }),
      ),
      strangers: [{ name: 'by-hand', role: 'agent' as const, address: '10.0.1.99' }],
    };
    const { edits, left } = adoptAll(fileOf(TEXT), drift);
    const text = applyEdits(TEXT, edits);
    expect(text).toContain('"0600"');
    expect(fileOf(text).cluster.agents.map(({ id }) => id)).toEqual(['10.0.1.11', '10.0.1.12', 'by-hand']);
    expect(left).toEqual([expect.stringContaining('The file has one release')]);
    expect(adoptStranger(fileOf(TEXT), { name: 'nowhere', role: 'agent' })).toMatchObject({ ok: false });
  });
});

describe('findings of drift', () => {
  const drift = driftOf(...SERVERS.map((id) => on(id, mode('0600'))), on('server-2', { kind: 'state' }));
  const lineOf = (text: string, path: readonly (string | number)[]): string => {
    const range = parseDocument(text).rangeOf(path, 'value');
    return text
      .slice(0, range?.start ?? 0)
      .split('\n')
      .length.toString();
  };

  it('stand at the line that says otherwise, once for all machines, and at the machine', () => {
    const { document, cluster } = fileOf(TEXT);
    const found = driftFindings(document, cluster, drift);
    expect(found.map(({ path, message }) => [lineOf(TEXT, path), message])).toEqual([
      ['10', expect.stringContaining('On server-1, server-2 and 10.0.0.13 option there')],
      ['14', expect.stringContaining('On server-2 state there')],
    ]);
  });

  it('are gone where the file says it now, and where it ignores them', () => {
    const now = fileOf(TEXT.replace('"0640"', '"0600"'));
    expect(remainingDrift(drift, now.cluster).machines.flatMap(({ differences }) => differences)).toHaveLength(1);
    const ignored = fileOf(`# k3s-ha-ignore-file drift -- tried out\n${TEXT}`);
    expect(driftFindings(ignored.document, ignored.cluster, drift)).toEqual([]);
  });
});
