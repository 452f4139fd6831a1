import { say } from '../../core/base/say';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import type { Problem } from '../../core/base/problem';
import type { Result } from '../../core/base/result';
import { DRILL_SECONDS, partName, partWords, possibleParts, usualParts } from '../../core/drill/drillPart';
import type { RunReport } from '../../core/plan/events';
import type { DrillWatch } from '../../engine/drill/drillWatch';
import { openDrill } from '../../engine/drill/openDrill';
import { reportFrom, writeReport } from '../../engine/drill/reportFrom';
import type { DrillIntent } from '../../engine/operations/drill';
import type { StoredCluster } from '../clusters/clusterStore';
import { chooseSome } from '../services/say';
import type { Services } from '../services/services';
import type { ReadyPlan } from './readyPlan';

/** Asks what is to be taken away; undefined when the person gives up. */
export async function drillIntent(_argument: unknown, { cluster }: StoredCluster): Promise<DrillIntent | undefined> {
  const usual = new Set(usualParts(cluster));
  const items = possibleParts(cluster).map((part) => ({
    label: partWords(part),
    description: part.way === 'reboot' ? say`it has to boot by itself` : '',
    picked: usual.has(partName(part)),
    part: partName(part),
  }));
  const picked = await chooseSome(items, {
    title: say`Failover Drill`,
    placeHolder: say`What is taken away, one after the other, for ${DRILL_SECONDS} s each?`,
  });
  if (picked === undefined || picked.length === 0) return undefined;
  return { parts: picked.map(({ part }) => part), seconds: DRILL_SECONDS };
}

/** Begins to ask the fixed address where a plan takes something away; undefined for every other plan. */
export async function watchDrill(
  { file, state, session, prepared }: ReadyPlan,
  services: Services,
  signal: AbortSignal,
): Promise<Result<DrillWatch, Problem> | undefined> {
  if (prepared.plan.steps.every(({ kind }) => kind !== 'take-away')) return undefined;
  const sources = {
    files: services.files,
    places: await services.kubeconfigPlaces(file),
    hosts: session.hosts,
    warn: (message: string) => services.log.warn(message),
  };
  return openDrill(state.cluster, sources, { api: services.kubernetes(), clock: services.clock }, signal);
}

/** The end of a run that did nothing. */
export function refused(problem: Problem): RunReport {
  return { result: 'failed', states: new Map(), problems: [problem], spans: new Map(), wallMs: 0 };
}

/** Writes the report beside the other records of the file, as Markdown and JSON, and shows it. */
export async function showDrill(
  { file, prepared }: ReadyPlan,
  run: RunReport,
  watch: DrillWatch,
  services: Services,
): Promise<void> {
  const report = reportFrom(prepared, run, watch, services.clock.now());
  const folder = join(dirname(services.recordsPath(file)), 'drills');
  const base = await writeReport(report, (name) => join(folder, name), services.files);
  services.log.info(`The report of the drill: ${base}.md, and .json`);
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(`${base}.md`));
}
