import { later, said } from '../../core/base/say';
import * as vscode from 'vscode';
import { printable } from '../../core/base/printable';
import { plannedFiles, type PlanDocument, type PlannedFile } from '../../core/plan/planDocument';
import { PLAN_SCHEME, PLANNED_FILE_SCHEME } from '../ids';
import { plain } from '../services/say';
import type { ReadyPlan } from './readyPlan';

/** A plan that stands in a document. */
export interface ShownPlan extends Pick<ReadyPlan, 'offered' | 'file' | 'state' | 'examined'> {
  readonly document: PlanDocument;
  /** What was wanted, for another look at the hosts. */
  readonly intent: object;
  /** What can be carried out; undefined when there is nothing to do, something in the way, or it was taken. */
  readonly ready?: ReadyPlan;
  /** Somebody has begun to carry it out. */
  readonly taken?: true;
}

/**
 * Plans as read-only documents, one for each cluster file. A plan is kept with its session until its document is closed,
 * a newer one takes its place, or somebody takes it to carry it out.
 */
export interface PlanDocuments extends vscode.Disposable {
  /** Tells which document shows something else now. */
  readonly onDidChange: vscode.Event<vscode.Uri>;
  /** From now on the plan is kept here, and shown as this document. */
  show(plan: ReadyPlan, document: PlanDocument): Promise<void>;
  at(uri: vscode.Uri): ShownPlan | undefined;
  /** The plan of a cluster file. */
  about(file: vscode.Uri): ShownPlan | undefined;
  /** Hands the plan over, which can be done once; undefined when it is not the one that stands there any more. */
  take(uri: vscode.Uri, plan: ReadyPlan): ReadyPlan | undefined;
}

const CLOSED = later`This plan was closed. Run "K3s HA: Preview Plan" for a new one.\n`;

export function createPlanDocuments(): PlanDocuments {
  const plans = new Map<string, ShownPlan>();
  /** A document that is just being opened may still be told as closed from before. */
  const opening = new Set<string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const set = (uri: vscode.Uri, plan: ShownPlan): void => {
    plans.set(uri.toString(), plan);
    changed.fire(uri);
  };
  const release = (plan: ShownPlan | undefined): void => void plan?.ready?.session.hosts.dispose();
  const subscriptions = [
    changed,
    vscode.workspace.registerTextDocumentContentProvider(PLAN_SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => plans.get(uri.toString())?.document.text ?? said(CLOSED),
    }),
    vscode.workspace.registerTextDocumentContentProvider(PLANNED_FILE_SCHEME, {
      provideTextDocumentContent: (uri) => plannedText(uri, plans),
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme !== PLAN_SCHEME || opening.has(uri.toString())) return;
      release(plans.get(uri.toString()));
      plans.delete(uri.toString());
    }),
  ];
  return {
    onDidChange: changed.event,
    async show(plan, document) {
      const { offered, file, state, examined, prepared, session } = plan;
      const uri = planUri(plan);
      const canBeApplied = prepared.plan.problems.length === 0 && prepared.plan.steps.length > 0;
      release(plans.get(uri.toString()));
      set(uri, {
        offered,
        file,
        state,
        examined,
        intent: prepared.intent,
        document,
        ...(canBeApplied ? { ready: plan } : {}),
      });
      if (!canBeApplied) void session.hosts.dispose();
      opening.add(uri.toString());
      try {
        await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), {
          preview: false,
          viewColumn: columnOf(uri) ?? vscode.ViewColumn.Beside,
          // A new plan begins at its beginning, wherever the one before was read.
          selection: new vscode.Range(0, 0, 0, 0),
        });
      } finally {
        opening.delete(uri.toString());
      }
    },
    at: (uri) => plans.get(uri.toString()),
    about: (uri) => [...plans.values()].find(({ file }) => file.uri.toString() === uri.toString()),
    take(uri, plan) {
      const { ready, ...shown } = plans.get(uri.toString()) ?? {};
      if (ready !== plan) return undefined;
      set(uri, { ...(shown as ShownPlan), taken: true });
      return ready;
    },
    dispose: () => {
      for (const plan of plans.values()) release(plan);
      vscode.Disposable.from(...subscriptions).dispose();
    },
  };
}

/** The address of the document: its cluster file stands in the query, its name is what the tab shows. */
function planUri({ file, prepared }: ReadyPlan): vscode.Uri {
  const name = plain(prepared.plan.clusterName).replaceAll('/', '_');
  return vscode.Uri.from({ scheme: PLAN_SCHEME, path: `/Plan for ${name}.k3s-plan`, query: file.uri.toString() });
}

/** Where the document is open already. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  return vscode.window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString()),
  )?.viewColumn;
}

type Side = 'before' | 'after';

/** A file of a plan as a document: its path ends as on the host, which decides about its language. */
export function plannedFileUri(plan: vscode.Uri, { step, machine, difference }: PlannedFile, side: Side): vscode.Uri {
  const { path } = difference;
  return vscode.Uri.from({
    scheme: PLANNED_FILE_SCHEME,
    path: `/${plain(machine.id).replaceAll('/', '_')}/${plain(path).replace(/^\/+/, '')}`,
    query: JSON.stringify([plan.toString(), step, path, side]),
  });
}

function plannedText(uri: vscode.Uri, plans: ReadonlyMap<string, ShownPlan>): string {
  const [plan, step, path, side] = JSON.parse(uri.query) as [string, string, string, Side];
  const found = plannedFiles(plans.get(plan)?.document.parts ?? []).find(
    ({ file }) => file.step === step && file.difference.path === path,
  );
  return found === undefined ? said(CLOSED) : printable(found.file.difference[side] ?? '', { lines: true });
}
