import { describe, expect, it } from 'vitest';
import { problem } from '../../../src/core/base/problem';
import { disclosuresOf } from '../../../src/core/cluster/disclosures';
import type { Plan } from '../../../src/core/plan/plan';
import {
  planDocument,
  plannedFileAt,
  plannedFiles,
  type PlanDocument,
  type PlanPart,
} from '../../../src/core/plan/planDocument';
import type { Step } from '../../../src/core/plan/step';
import { clusterOf } from '../../support/cluster';
import { freshFacts, planFor, provisionedFacts } from '../../support/plans';

const documentOf = (plan: Plan): PlanDocument =>
  planDocument(plan, { title: 'Provision Cluster', disclosures: disclosuresOf(clusterOf()) });
const linesOf = ({ text }: PlanDocument): string[] => text.split('\n');
/** First and last line of a part as they read. */
const ends = (document: PlanDocument, { first, last }: PlanPart): string[] => [
  linesOf(document)[first]?.trim() ?? '',
  linesOf(document)[last]?.trim() ?? '',
];
const partNamed = (parts: readonly PlanPart[], name: string): PlanPart =>
  parts.find((part) => part.name === name) as PlanPart;

const fresh = documentOf(planFor(clusterOf(), freshFacts(clusterOf())));
const changed = documentOf(
  planFor(clusterOf({ serverConfig: { 'write-kubeconfig-mode': '0640' } }), provisionedFacts(clusterOf())),
);

describe('the parts of a plan document', () => {
  it('are machines in the order of the file, between what comes first and the order of all steps', () => {
    expect(fresh.parts.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'section Plan for cluster "edge": Provision Cluster',
      'section Hosts',
      'section Goes to hosts',
      ...['server-1', 'server-2', 'server-3', 'agent-1', 'agent-2'].map((id) => `machine ${id}`),
      'section Order',
    ]);
  });

  it('fold from their first line to the last one that belongs to them', () => {
    const server = partNamed(fresh.parts, 'server-2');
    expect(ends(fresh, server)).toEqual(['server-2 (10.0.0.12)', 'waits for server-1']);
    const write = server.parts[0] as PlanPart;
    expect(write.kind).toBe('step');
    expect(ends(fresh, write)[0]).toBe('Write /etc/rancher/k3s/config.yaml (0600)');
    const file = write.parts[0] as PlanPart;
    expect(file.kind).toBe('file');
    expect(ends(fresh, file)[0]).toBe('/etc/rancher/k3s/config.yaml (new)');
    expect(file.last).toBe(write.last);
    expect(linesOf(fresh)[file.last + 1]).toMatch(/^ {2}Install and unpack K3s/);
  });

  it('lead from a line to its file, and from a step or a machine with one file to that', () => {
    const server = partNamed(changed.parts, 'server-3');
    const at = (line: number): string | undefined => plannedFileAt(changed.parts, line)?.machine.id;
    expect(at(server.first)).toBe('server-3');
    expect(at(linesOf(changed).findIndex((line) => line.includes('write-kubeconfig-mode')))).toBe('server-1');
    expect(at(0)).toBeUndefined();
    expect(plannedFiles(changed.parts).map(({ file }) => file.step)).toEqual([
      'write-config:server-1',
      'write-config:server-2',
      'write-config:server-3',
    ]);
  });
});

describe('the text of a plan document', () => {
  it('says what a step waits for on other machines: a machine, or one of its steps', () => {
    const step = (id: string, on: string, after: string[], more: Partial<Step> = {}): Step => ({
      id,
      kind: 'any',
      on,
      about: on,
      input: {},
      says: { title: `Do ${id}`, reason: 'it is wanted', doing: 'doing', counted: 'do it on' },
      phase: 'change',
      differences: [],
      after,
      guards: [],
      holds: [],
      estimateMs: 1,
      ...more,
    });
    const { text } = documentOf({
      clusterName: 'edge',
      machines: ['a', 'b', 'c'].map((id) => ({ id, host: id })),
      steps: [
        step('a1', 'a', []),
        step('a2', 'a', ['a1']),
        step('b1', 'b', ['a1']),
        step('c1', 'c', ['b1', 'a1', 'a2'], { about: 'b' }),
      ],
      problems: [],
      notes: [],
    });
    expect(text).toContain('Do b1\n    because it is wanted\n    waits for a: Do a1\n');
    expect(text).toContain('Do c1\n    because it is wanted\n    runs on c\n    waits for a and b\n');
  });

  it('shows what is in the way and no machine', () => {
    const document = documentOf({
      clusterName: 'edge',
      machines: [{ id: 'a', host: '10.0.0.1' }],
      steps: [],
      problems: [problem('x', 'It is full', { host: 'a', why: 'No space.', nextSteps: ['Clean up.'] })],
      notes: ['Something else'],
    });
    expect(document.text).toContain('Problems\n  a: It is full\n    Why: No space.\n    Next: Clean up.\n');
    expect(document.text).toContain('Worth knowing\n  • Something else\n');
    expect(document.parts.map(({ kind }) => kind)).not.toContain('machine');
  });

  it('names what goes to which host, and of what stays here says so', () => {
    const cluster = clusterOf();
    const disclosures = cluster.servers.flatMap((node) => [
      { kind: 'secret', name: 'join', use: 'token', written: '', machine: node } as const,
      { kind: 'key', name: '~/.ssh/id', use: 'ssh.identityFile', written: '', machine: node } as const,
    ]);
    const plan = planFor(cluster, provisionedFacts(cluster));
    const [write] = planFor(cluster, freshFacts(cluster)).steps;
    const { text } = planDocument({ ...plan, steps: [write as Step] }, { title: 'Provision', disclosures });
    expect(text).toContain('\n  secret "join" (token) to server-1\n');
    expect(text).toContain(
      'SSH key ~/.ssh/id (ssh.identityFile) to server-1, server-2, server-3; the key itself stays',
    );
  });

  it('lets nothing that a file or a host says begin a line', () => {
    const evil = 'a\nserver-9 (10.9.9.9)\u202e';
    const [write] = planFor(clusterOf(), freshFacts(clusterOf())).steps as [Step];
    const document = documentOf({
      clusterName: evil,
      machines: [{ id: 'server-1', host: evil }],
      steps: [{ ...write, says: { ...write.says, title: evil }, differences: [{ path: evil, after: 'x: 1\r  y\n' }] }],
      problems: [],
      notes: [evil],
    });
    expect(document.text).not.toMatch(/^server-9|[\r\u202e]/m);
    expect(linesOf(document)[partNamed(document.parts, 'server-1').first]).toMatch(/^server-1 \(a server-9/);
  });
});
