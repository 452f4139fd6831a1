import type { Result } from '../../core/base/result';
import { ok } from '../../core/base/result';
import type { OpenDatastore } from './bootstrap';
import type { ServerRun } from './cluster';
import { datastoreHealthy } from './controller';
import { leaveTombstone } from './embeddedEtcd';
import { openPorts } from './ports';
import { LEADER_LOST, type K3sRun } from './run';
import { TIMINGS } from './timings';

/** Starts this server's part of etcd, if it has one, and waits until its datastore works; the error ends K3s. */
export async function startDatastore(
  run: K3sRun,
  server: ServerRun,
  opened: OpenDatastore,
  onEnd: (cleanup: () => unknown) => void,
): Promise<Result<void, string>> {
  const { world, host, config, log, signal } = run;
  if (opened.startEtcd === undefined) {
    if (config.flag('disable-etcd')) onEnd(openPorts(host, 'etcdBalancer'));
    await settled(run, server);
    return ok(undefined);
  }
  const closePorts = openPorts(host, 'etcd');
  onEnd(closePorts);
  const started = await opened.startEtcd();
  if (!started.ok) return started;
  const member = started.value;
  onEnd(() => (member.online = false));
  server.member = member;
  server.memberRemoved = () => {
    leaveTombstone(run);
    server.cluster.later(TIMINGS.etcdEnds, () => {
      if (signal.aborted) return;
      closePorts();
      log('info', 'This node has been removed from the cluster - please restart k3s to rejoin the cluster');
    });
  };
  if (member.learner) {
    // K3s asks its own etcd while that is still a learner, and asks again only after the first question has timed out.
    await world.clock.sleep(TIMINGS.learnerCheck, signal);
    logCheck(run);
  }
  await settled(run, server);
  log('info', 'Connection to etcd is ready');
  return ok(undefined);
}

/** Waits until the datastore can be read and written; an etcd that keeps K3s waiting is told of again and again. */
async function settled(run: K3sRun, server: ServerRun): Promise<void> {
  const { world, signal } = run;
  for (let waited = 0; server.member?.learner === true || !datastoreHealthy(world, server); waited += 500) {
    if (waited > 0 && waited % TIMINGS.learnerCheck === 0 && server.member !== undefined) logCheck(run);
    await world.clock.sleep(500, signal);
  }
}

function logCheck({ log }: K3sRun): void {
  log('error', 'Failed to check local etcd status for learner management: context deadline exceeded');
}

/** Ends K3s when the controllers of this server have lost their leases because its datastore does not answer. */
export async function watchLeases(run: K3sRun, server: ServerRun): Promise<void> {
  const { world, signal, log } = run;
  const step = 1000;
  const holds = (): boolean => server.databaseAnswers !== undefined || server.cluster.controllers === server;
  let held = holds();
  let silent = 0;
  for (;;) {
    await world.clock.sleep(step, signal);
    if (datastoreHealthy(world, server)) {
      silent = 0;
      held = holds();
      continue;
    }
    if (silent === 0 && server.databaseAnswers !== undefined)
      log('error', `Failed to list latest changes: ${server.databaseRefusal ?? ''}`);
    silent += step;
    if (held && silent >= TIMINGS.leaderLost) server.fail(LEADER_LOST);
  }
}
