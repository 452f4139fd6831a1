import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { count } from '../../core/base/words';
import { machinesOf } from '../../core/cluster/roles';
import { commandReport } from '../../core/health/commandReport';
import { fetchKubeconfig } from '../../engine/access/fetchKubeconfig';
import { declaredNode } from '../../engine/nodes/findNode';
import { followJournal } from '../../engine/nodes/followJournal';
import { describedNode, setNodeSchedulable } from '../../engine/nodes/nodeState';
import { runEverywhere } from '../../engine/nodes/runEverywhere';
import { clusterMask } from '../../engine/secrets/clusterMask';
import type { LiveWatcher } from '../clusters/liveWatcher';
import type { NodeCommand } from '../ids';
import { chosenNode } from '../operations/intents';
import { reportProblem } from '../services/report';
import { askText, choose, plain, sayInformation, sayWarning, withProgress } from '../services/say';
import { readSettings } from '../services/settings';
import { createAnswerDocuments } from './answerDocuments';
import { createJournalDocuments } from './journalDocuments';
import { chooseCluster, openMachines, withMachines, type Deed, type NodeDependencies } from './machineSession';
import { openShellTerminal } from './shellTerminal';

/** What is done with single machines of a cluster, or with all of them at once, without a plan. */
export interface NodeActions extends vscode.Disposable {
  run(command: NodeCommand, argument: unknown): Promise<void>;
}

/** Lines of a journal that are shown before what comes. */
const JOURNAL_LINES = 2000;

/** A command that says nothing for so long is given up. */
const SILENCE_MS = 300_000;

export function createNodeActions(deps: NodeDependencies & { readonly live: LiveWatcher }): NodeActions {
  const { services, live } = deps;
  const answers = createAnswerDocuments();
  const journals = createJournalDocuments();

  /** The cluster and the node that a command is about. */
  const chosen = async (argument: unknown, deed: Deed) => {
    const cluster = await chooseCluster(deps, argument, deed);
    const id = cluster === undefined ? undefined : await chosenNode(argument, cluster.state.cluster, deed.title);
    return cluster === undefined || id === undefined ? undefined : { ...cluster, id };
  };
  /** The same for what needs a machine of the file. */
  const declared = async (argument: unknown, deed: Deed) => {
    const found = await chosen(argument, deed);
    const node = found === undefined ? undefined : declaredNode(found.state.cluster, found.id);
    if (found === undefined || node === undefined) return undefined;
    if (node.ok) return { ...found, node: node.value };
    await reportProblem(services.log, node.error);
    return undefined;
  };

  const openShell = async (argument: unknown): Promise<void> => {
    const found = await declared(argument, { title: say`Open Shell`, purpose: say`Opening a shell` });
    const machines = found === undefined ? undefined : await openMachines(deps, found);
    if (found !== undefined && machines !== undefined) openShellTerminal(found.node, machines).show();
  };

  const follow = async (argument: unknown): Promise<void> => {
    const found = await declared(argument, { title: say`Follow Journal`, purpose: say`Reading a journal` });
    if (found === undefined) return;
    await journals.follow(found.file.uri, found.id, async () => {
      const machines = await openMachines(deps, found);
      if (machines === undefined) return undefined;
      const { session, state } = machines;
      return async (onLines, signal) => {
        try {
          const mask = await clusterMask(state.cluster, session);
          const options = { lines: JOURNAL_LINES, follow: true, onLines, signal };
          return await followJournal(found.node, options, { hosts: session.hosts, mask });
        } finally {
          await session.hosts.dispose();
        }
      };
    });
  };

  const describe = async (argument: unknown): Promise<void> => {
    const found = await chosen(argument, { title: say`Describe`, purpose: say`Describing a node` });
    if (found === undefined) return;
    await withMachines(deps, found, async ({ session, state, file }) => {
      const told = await withProgress(
        say`K3s HA: asking about ${found.id}`,
        { cancellable: true },
        async (_, signal) => {
          const mask = await clusterMask(state.cluster, session);
          const asked = { hosts: session.hosts, clock: services.clock, mask };
          const answer = await describedNode(state.cluster, found.id, asked, signal);
          return signal.aborted ? undefined : answer;
        },
      );
      if (told === undefined) return;
      if (told.ok) await answers.show(file.uri, `${found.id}.txt`, told.value);
      else await reportProblem(services.log, told.error);
    });
  };

  const copyAddress = async (argument: unknown): Promise<void> => {
    const found = await declared(argument, { title: say`Copy Address`, purpose: say`Copying an address` });
    if (found === undefined) return;
    await vscode.env.clipboard.writeText(found.node.host);
    vscode.window.setStatusBarMessage(plain(say`${found.node.host} is on the clipboard`), 5000);
  };

  const schedule = async (argument: unknown, on: boolean, undone = false): Promise<void> => {
    const deed = on
      ? { title: say`Uncordon`, purpose: say`Uncordoning a node` }
      : { title: say`Cordon`, purpose: say`Cordoning a node` };
    const found = await chosen(argument, deed);
    if (found === undefined) return;
    await withMachines(deps, found, async ({ session, state }) => {
      const set = await withProgress(
        `K3s HA: ${on ? 'uncordoning' : 'cordoning'} ${found.id}`,
        { cancellable: true, small: true },
        (_, signal) =>
          setNodeSchedulable(state.cluster, found.id, on, { hosts: session.hosts, clock: services.clock }, signal),
      );
      if (!set.ok) return reportProblem(services.log, set.error);
      void live.refresh(state.uri, { overSsh: true });
      void tell(set.value.before);
    });
    /** With a way back, as long as something was changed that is not the way back itself. */
    async function tell(before: boolean): Promise<void> {
      if (found === undefined) return;
      const words = on
        ? before
          ? say`${found.id} took pods already.`
          : say`${found.id} takes pods again.`
        : before
          ? say`${found.id} gets no new pods; what runs there stays.`
          : say`${found.id} was cordoned already.`;
      const choices = before !== on && !undone ? ['Undo'] : [];
      if ((await sayInformation(words, { choices })) === 'Undo')
        await schedule({ uri: found.file.uri, row: { id: `node:${found.id}` } }, !on, true);
    }
  };

  const openTerminal = async (argument: unknown): Promise<void> => {
    const deed = { title: say`Open Terminal with This Cluster`, purpose: say`Reading a kubeconfig` };
    const found = await chooseCluster(deps, argument, deed);
    if (found === undefined) return;
    await withMachines(deps, found, async ({ session, state, file }) => {
      const { cluster } = state;
      const fetched = await withProgress(
        say`K3s HA: fetching the kubeconfig of ${cluster.name}`,
        { cancellable: true },
        (_, signal) => fetchKubeconfig(cluster, session.hosts, services.kubernetes(), signal),
      );
      if (!fetched.ok) return reportProblem(services.log, fetched.error);
      const path = services.terminalKubeconfig(file);
      await services.files.writeAtomic(path, fetched.value.prepared.text, 0o600);
      vscode.window
        .createTerminal({
          name: plain(cluster.name),
          iconPath: new vscode.ThemeIcon('key'),
          env: { KUBECONFIG: path },
          message: plain(
            say`kubectl in this terminal speaks to ${cluster.name}. Your own kubeconfig and its context stay as they are.`,
          ),
        })
        .show();
    });
  };

  const everywhere = async (argument: unknown): Promise<void> => {
    const deed = { title: say`Run on All Nodes`, purpose: say`Running a command` };
    const found = await chooseCluster(deps, argument, deed);
    if (found === undefined) return;
    const { cluster } = found.state;
    const line = await askText({
      title: deed.title,
      prompt: say`A command line for every machine of ${cluster.name}. Next you choose as whom, and confirm.`,
      placeHolder: 'uptime',
      validateInput: (text) => (text.trim() === '' ? say`A command line, such as: uptime` : undefined),
    });
    if (line === undefined) return;
    const as = await choose(
      [
        { label: say`As the SSH User`, description: say`sudo in it must not ask for a password`, sudo: false },
        { label: say`As root`, description: say`with sudo where that is needed`, sudo: true },
      ],
      { title: deed.title, placeHolder: line },
    );
    if (as === undefined) return;
    const machines = machinesOf(cluster);
    const run = say`Run`;
    const answer = await sayWarning(
      say`Run this on ${count(machines.length, 'machine')} of ${cluster.name}${as.sudo ? say` as root` : ''}?`,
      {
        detail: `${line}\n\n${machines.map(({ id }) => id).join(', ')}`,
        choices: [run],
      },
    );
    if (answer !== run) return;
    await withMachines(deps, found, async ({ session, file }) => {
      const results = await withProgress(
        say`K3s HA: running on ${count(machines.length, 'machine')}`,
        { cancellable: true },
        async (say, signal) => {
          const mask = await clusterMask(cluster, session);
          let done = 0;
          return runEverywhere(
            machines,
            line,
            {
              sudo: as.sudo,
              timeoutMs: SILENCE_MS,
              signal,
              onAnswer: ({ id }) => say(`${(done += 1)}/${machines.length} (${id})`, 100 / machines.length),
            },
            { hosts: session.hosts, mask, parallel: readSettings().parallelHosts },
          );
        },
      );
      await answers.show(
        file.uri,
        `${cluster.name}: ${line.slice(0, 40)}.md`,
        `# ${line}\n\n${commandReport(results)}\n`,
      );
    });
  };

  /** The document of a journal that a command of its title is about. */
  const journal = (argument: unknown): vscode.Uri | undefined =>
    argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;

  const actions: Readonly<Record<NodeCommand, (argument: unknown) => Promise<void> | void>> = {
    openShell,
    followJournal: follow,
    describeNode: describe,
    copyAddress,
    cordonNode: (argument) => schedule(argument, false),
    uncordonNode: (argument) => schedule(argument, true),
    openTerminal,
    runEverywhere: everywhere,
    stopJournal(argument) {
      const uri = journal(argument);
      if (uri !== undefined) journals.stop(uri);
    },
    async resumeJournal(argument) {
      const uri = journal(argument);
      if (uri !== undefined) await journals.resume(uri);
    },
  };
  return {
    run: async (command, argument) => actions[command](argument),
    dispose: () => vscode.Disposable.from(answers, journals).dispose(),
  };
}
