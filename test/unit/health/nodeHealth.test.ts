import { describe, expect, test } from 'vitest';
import { nodeHealth, SIMULATED_LABEL } from '../../../src/core/health/nodeHealth';
import { apiNode, at, NOW, SERVER_LABELS, SILENT, VOTER } from './nodes';

describe('nodeHealth', () => {
  test('a healthy server', () => {
    expect(
      nodeHealth(apiNode({ labels: { ...SERVER_LABELS, 'node-role.kubernetes.io/master': 'true' }, etcd: VOTER }), NOW),
    ).toEqual({
      name: 'server-1',
      ready: 'ready',
      reason: 'ready',
      since: NOW - 3_600_000,
      roles: ['control-plane', 'etcd'],
      role: 'server',
      version: 'v1.36.3+k3s1',
      age: '12 d',
      internalIp: '10.0.0.11',
      addresses: ['10.0.0.11', 'server-1'],
      etcd: 'voter',
      schedulable: true,
      warnings: [],
      simulated: false,
    });
  });

  test.each([
    ['a silent kubelet', SILENT, 'unknown', 'unreachable: its kubelet stopped reporting 2 min ago'],
    [
      'a kubelet that never reported',
      { status: 'Unknown', reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' },
      'unknown',
      'unreachable: its kubelet has never reported',
    ],
    [
      'a new node',
      {
        status: 'False',
        reason: 'KubeletNotReady',
        message:
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
        lastTransitionTime: at(8),
      },
      'not-ready',
      'not ready: the pod network is not up yet (for 8 s)',
    ],
    [
      'a cause we have no words for',
      { status: 'False', reason: 'KubeletNotReady', message: 'something odd', lastTransitionTime: at(7300) },
      'not-ready',
      'not ready: something odd (for 2 h)',
    ],
    [
      'a host whose clock is ahead',
      { ...SILENT, lastHeartbeatTime: at(-30) },
      'unknown',
      'unreachable: its kubelet stopped reporting 0 s ago',
    ],
  ])('%s', (_, ready, state, reason) => {
    expect(nodeHealth(apiNode({ ready }), NOW)).toMatchObject({ ready: state, reason });
  });

  test.each([
    [{ status: 'False', reason: 'MemberIsLearner' }, 'learner', 'is still copying the data and has no vote yet'],
    [{ status: 'False', reason: 'Unhealthy' }, 'voter', 'does not answer its health check'],
    [{ status: 'False', reason: 'NotAMember' }, undefined, 'was removed from the etcd cluster'],
    [undefined, undefined, undefined],
  ])('etcd condition %o', (etcd, member, fault) => {
    const health = nodeHealth(apiNode(etcd === undefined ? {} : { etcd }), NOW);
    expect([health.etcd, health.etcdFault]).toEqual([member, fault]);
  });

  test('pressure and cordon are warnings of a ready node', () => {
    expect(
      nodeHealth(apiNode({ unschedulable: true, more: [{ type: 'DiskPressure', status: 'True' }] }), NOW),
    ).toMatchObject({
      ready: 'ready',
      schedulable: false,
      warnings: ['the disk is running full', 'no new pods are placed here (cordoned)'],
    });
  });

  test('a practice node says that it is simulated, an agent has no roles', () => {
    expect(nodeHealth(apiNode({ labels: { [SIMULATED_LABEL]: 'true' } }), NOW)).toMatchObject({
      simulated: true,
      role: 'agent',
      roles: [],
    });
  });

  test.each([
    undefined,
    null,
    7,
    'x',
    {},
    { metadata: [], status: { conditions: [null, 3], addresses: {} } },
    { status: { conditions: [{ type: 'Ready', lastTransitionTime: 'never' }] } },
  ])('%o is unknown, never an exception', (object) => {
    expect(nodeHealth(object, NOW).ready).toBe('unknown');
  });
});
