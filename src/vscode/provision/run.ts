import * as vscode from 'vscode';
import { formatProblem } from '../../core/base/problem';
import type { Step } from '../../core/plan/plan';
import type { RunEvent, RunReport } from '../../engine/events';
import type { RemoteHosts } from '../../engine/ports';
import type { PreparedPlan } from '../../engine/preparePlan';
import { provision } from '../../engine/provision';
import type { ClusterStore } from '../clusters/clusterStore';
import { readSettings } from '../services/settings';
import type { Services } from '../services/services';

/** Carries out a plan with progress and cancel; the state of each host goes to the store, and so to tree and diagram. */
export async function runWithProgress(uri: vscode.Uri, prepared: PreparedPlan, hosts: RemoteHosts, store: ClusterStore, services: Services): Promise<RunReport> {
  const steps = new Map(prepared.plan.steps.map((step) => [step.id, step]));
  store.clearRun(uri);
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `K3s HA: provisioning ${prepared.plan.clusterName}`, cancellable: true }, async (progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    const settings = readSettings();
    const busy = new Map<string, string>();
    let done = 0;
    const onEvent = (event: RunEvent): void => {
      log(event, steps, services);
      show(event, uri, steps, store);
      if (event.type !== 'step') return;
      if (event.state === 'running') busy.set(event.node, shortTitle(steps.get(event.step)));
      else busy.delete(event.node);
      if (event.state === 'done') done += 1;
      const hostsAtWork = [...busy].map(([node, words]) => `${node}: ${words}`).slice(0, 3).join(', ');
      progress.report({ message: `${done}/${steps.size} steps · ${hostsAtWork}`, increment: event.state === 'done' ? 100 / steps.size : 0 });
    };
    const report = await provision(
      prepared,
      { hosts, clock: services.clock, files: services.files, log: services.log, parallel: settings.parallelHosts, startTimeoutMs: settings.startTimeoutMs, journalPath: services.journalPath(uri) },
      onEvent,
      controller.signal,
    );
    if (report.result === 'done') store.clearRun(uri);
    return report;
  });
}

function shortTitle(step: Step | undefined): string {
  switch (step?.action.type) {
    case 'write-config':
      return 'writing configuration';
    case 'install':
      return 'installing K3s';
    case 'start':
      return 'starting';
    case 'restart':
      return 'restarting';
    case 'await-nodes':
      return 'waiting for all nodes';
    case undefined:
      return '';
  }
}

function log(event: RunEvent, steps: ReadonlyMap<string, Step>, services: Services): void {
  switch (event.type) {
    case 'output':
      return services.log.debug(`[${event.node}] ${event.line}`);
    case 'progress':
      return services.log.info(`[${event.node}] ${event.message}`);
    case 'step': {
      const title = steps.get(event.step)?.title ?? event.step;
      const time = event.durationMs === undefined ? '' : ` (${(event.durationMs / 1000).toFixed(1)} s)`;
      if (event.problem !== undefined) services.log.error(formatProblem(event.problem));
      return services.log.info(`[${event.node}] ${event.state}: ${title}${time}`);
    }
  }
}

function show(event: RunEvent, uri: vscode.Uri, steps: ReadonlyMap<string, Step>, store: ClusterStore): void {
  if (event.type === 'progress') store.setRun(uri, event.node, { state: 'running', words: event.message });
  if (event.type !== 'step') return;
  const words = event.problem?.message ?? (event.state === 'running' ? shortTitle(steps.get(event.step)) : event.state);
  store.setRun(uri, event.node, { state: event.state, words });
}
