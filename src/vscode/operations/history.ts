import { later, said, say } from '../../core/base/say';
import * as vscode from 'vscode';
import { printableLine, printable } from '../../core/base/printable';
import { resultWords, runRecordText } from '../../core/plan/runRecordText';
import type { RunRecord } from '../../core/plan/runRecord';
import { readHistory } from '../../engine/run/runRecords';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import { chooseLocalFile } from '../commands/command';
import { RUN_SCHEME } from '../ids';
import { reportProblem } from '../services/report';
import { choose, plain, sayInformation, withProgress } from '../services/say';
import type { Services } from '../services/services';
import { readSettings } from '../services/settings';

/** K3s HA: Show History — the runs on a cluster by whomever, each as a document, two of them compared. Changes nothing. */
export interface RunHistory extends vscode.Disposable {
  run(argument: unknown): Promise<void>;
}

type Way = 'show' | 'compare' | 'copy';

const WAYS: readonly { readonly label: string; readonly icon: string; readonly way: Way }[] = [
  { label: later`Show`, icon: 'open-preview', way: 'show' },
  { label: later`Compare with Another Run…`, icon: 'diff', way: 'compare' },
  { label: later`Copy as Markdown`, icon: 'copy', way: 'copy' },
];

export function createRunHistory(store: ClusterStore, services: Services): RunHistory {
  const texts = new Map<string, string>();
  const provider = vscode.workspace.registerTextDocumentContentProvider(RUN_SCHEME, {
    provideTextDocumentContent: (uri) =>
      texts.get(uri.toString()) ?? say`This run is shown no more. Run "K3s HA: Show History" again.\n`,
  });
  const documentOf = (record: RunRecord, comparable: boolean): vscode.Uri => {
    const name = `${record.operation} ${timeWords(record)}`.replaceAll(/[/\\:]/g, '.');
    const query = JSON.stringify([record.cluster, record.id, comparable]);
    const uri = vscode.Uri.from({ scheme: RUN_SCHEME, path: `/${plain(name)}.md`, query });
    texts.set(uri.toString(), printable(runRecordText(record, { comparable }), { lines: true }));
    return uri;
  };

  return {
    async run(argument) {
      const deed = { title: say`Show History`, purpose: say`Reading the history` };
      const file = await chooseLocalFile(services.log, argument, deed);
      const state = file === undefined ? undefined : await plannable(store, file.uri);
      if (file === undefined || state === undefined) return;
      const session = services.openSession(file, state);
      try {
        const admitted = await session.secrets.admit();
        if (!admitted.ok) return await reportProblem(services.log, admitted.error);
        const { name } = state.cluster;
        const found = await withProgress(
          say`K3s HA: reading the history of ${name}`,
          { cancellable: true },
          async (_tell, signal) => {
            const place = { recordsPath: services.recordsPath(file), files: services.files, hosts: session.hosts };
            const read = await readHistory(state.cluster, { ...place, parallel: readSettings().parallelHosts }, signal);
            return signal.aborted ? undefined : read;
          },
        );
        if (found === undefined) return;
        for (const silent of found.silent.values()) services.log.warn(printableLine(silent.message));
        if (found.runs.length === 0)
          return void sayInformation(say`Nothing was written down yet about ${name}, neither here nor on its servers.`);
        const silent = found.silent.size === 0 ? '' : say` · ${[...found.silent.keys()].join(', ')} did not tell`;
        await offer(found.runs, say`History of ${name}${silent}`);
      } finally {
        await session.hosts.dispose();
      }
    },
    dispose: () => provider.dispose(),
  };

  async function offer(runs: readonly RunRecord[], title: string): Promise<void> {
    const picked = await choose(runs.map(itemOf), { title, placeHolder: say`Which run?`, matchOnDescription: true });
    const way =
      picked === undefined
        ? undefined
        : await choose(
            WAYS.map((way) => ({ ...way, label: said(way.label) })),
            { title: picked.label },
          );
    if (picked === undefined || way === undefined) return;
    const { record } = picked;
    switch (way.way) {
      case 'show':
        return void (await vscode.commands.executeCommand('markdown.showPreview', documentOf(record, false)));
      case 'copy':
        await vscode.env.clipboard.writeText(runRecordText(record));
        return void sayInformation(say`The run of ${timeWords(record)} is on the clipboard, as Markdown.`);
      case 'compare': {
        const others = runs.filter((other) => other !== record).map(itemOf);
        const other = await choose(others, { title: say`Compare with`, placeHolder: say`Which run?` });
        if (other === undefined) return;
        const [before, after] = [record, other.record].sort((a, b) => (a.id < b.id ? -1 : 1));
        if (before === undefined || after === undefined) return;
        const sides = [documentOf(before, true), documentOf(after, true)];
        await vscode.commands.executeCommand('vscode.diff', ...sides, `${timeWords(before)} ↔ ${timeWords(after)}`);
      }
    }
  }
}

function itemOf(record: RunRecord): {
  label: string;
  description: string;
  detail: string;
  icon: string;
  record: RunRecord;
} {
  return {
    label: record.operation,
    description: `${timeWords(record)} · ${record.by}`,
    detail: resultWords(record),
    icon: { done: 'pass', failed: 'error', cancelled: 'circle-slash', unfinished: 'question' }[record.result],
    record,
  };
}

/** `2026-11-27 17:05` in the time of this computer. */
function timeWords({ began }: RunRecord): string {
  const at = new Date(began);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
