import { describe, expect, it } from 'vitest';
import { journalRuns } from '../../../src/core/k3s/journal/journalRuns';

const at = '2026-11-27T17:05:12+0000 server-1';
const SYSTEMD = `${at} systemd[1]: Starting k3s.service - Lightweight Kubernetes...`;
const K3S = `${at} k3s[812]: time="2026-11-27T17:05:12Z" level=info msg="Starting k3s v1.36.3+k3s1 (0a1b2c3d)"`;
const OTHER = `${at} k3s[812]: time="2026-11-27T17:05:13Z" level=info msg="Cluster-Https-Server"`;

describe('the runs of K3s in a journal', () => {
  it('begin with the line of systemd, which the first line of K3s does not double', () => {
    expect(journalRuns([OTHER, SYSTEMD, K3S, OTHER, SYSTEMD, K3S])).toEqual([
      { first: 0, last: 0 },
      { first: 1, last: 3 },
      { first: 4, last: 5 },
    ]);
  });

  it('begin with the line of K3s where there is no systemd', () => {
    expect(journalRuns([K3S, OTHER, K3S.replace('k3s v1', 'k3s agent v1'), OTHER])).toEqual([
      { first: 0, last: 1 },
      { first: 2, last: 3 },
    ]);
  });

  it('are none in an empty journal', () => {
    expect(journalRuns([])).toEqual([]);
  });
});
