import { later, say } from '../../base/say';
import { nodesOf } from '../../cluster/roles';
import type { MachineLiveness } from '../liveness';
import type { LiveLook, LiveProblem, LiveReport } from './liveProblem';

// What the machines show themselves, whatever Kubernetes says of them.

export const serverDown: LiveProblem = {
  id: 'server-down',
  severity: 'error',
  title: later`A server does not answer`,
  rationale: `A server that is down takes its vote in etcd along. Kubernetes notices after 46 to 51 s; this is seen within 3 s. *Follow Journal* shows why K3s stopped, *Restart K3s* starts it, and *Failover* of the diagram says what else may fail now.`,
  judge: (look) => down(look, 'server'),
};

export const agentDown: LiveProblem = {
  id: 'agent-down',
  severity: 'warning',
  title: later`An agent does not answer`,
  rationale: `Its pods are started elsewhere five minutes after Kubernetes has noticed, unless they use volumes of that machine.`,
  judge: (look) => down(look, 'agent'),
};

export const addressTaken: LiveProblem = {
  id: 'address-taken',
  severity: 'error',
  title: later`Another machine answers at the address of this one`,
  rationale: `Traffic for one machine ends at another: a fixed address that was not given up, or an address that was given twice. Neither machine can be trusted until that is mended.`,
  judge: (look) =>
    found(look, ({ state }) => state === 'taken').map(({ id, one }) => ({
      at: { machine: id },
      message: say`${id} is cut off since ${look.timeOf(one.since)}: ${one.why ?? one.words}.`,
    })),
};

function down(look: LiveLook, role: 'server' | 'agent'): readonly LiveReport[] {
  return found(look, ({ state }) => state === 'down', role).map(({ id, one }) => ({
    at: { machine: id },
    message: say`${id} is down since ${look.timeOf(one.since)}: ${one.why ?? one.words}.`,
  }));
}

function found(
  { cluster, liveness }: LiveLook,
  wanted: (one: MachineLiveness) => boolean,
  role?: 'server' | 'agent',
): readonly { readonly id: string; readonly one: MachineLiveness }[] {
  return nodesOf(cluster).flatMap(({ id, role: own }) => {
    const one = liveness?.machines.get(id);
    return one === undefined || !wanted(one) || (role !== undefined && role !== own) ? [] : [{ id, one }];
  });
}
