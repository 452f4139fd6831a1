import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { formatProblem } from '../../core/base/problem';
import { count } from '../../core/base/words';
import { hostReportText } from '../../core/hostChecks/reportText';
import { hostFindingsIn } from '../../core/language/hostFindings';
import type { Finding, Severity } from '../../core/rules/rule';
import { checkHosts, type HostReport } from '../../engine/checks/checkHosts';
import { NOT_AGREED } from '../../engine/ports';
import type { ClusterStore } from '../clusters/clusterStore';
import { plannable } from '../clusters/plannable';
import { chooseLocalFile } from '../commands/command';
import { findingDiagnostic } from '../language/findingDiagnostic';
import { reportProblem } from '../services/report';
import { sayError, sayInformation, sayWarning, withProgress } from '../services/say';
import type { Services } from '../services/services';
import { readRuleLevels, readSettings } from '../services/settings';

/** K3s HA: Check Hosts — judges every machine, and keeps what was found at its line, in tree and diagram. Changes nothing. */
export interface HostChecks extends vscode.Disposable {
  run(argument: unknown): Promise<void>;
}

export function createHostChecks(store: ClusterStore, services: Services): HostChecks {
  const collection = vscode.languages.createDiagnosticCollection('k3s-ha-hosts');
  const source = { name: 'K3s HA (hosts)', pages: vscode.Uri.joinPath(services.extensionUri, 'docs', 'checks') };
  const checked = new Set<string>();
  const mark = async (uri: vscode.Uri): Promise<void> => {
    const state = await store.get(uri);
    if (state === undefined) return collection.delete(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    if (document.getText() !== state.document.text) return;
    collection.set(
      uri,
      (state.hostFindings ?? []).map((finding) => findingDiagnostic(document, state.document, finding, source)),
    );
  };
  const watching = store.onDidChange((uri) => {
    for (const key of checked) if (uri === undefined || uri.toString() === key) void mark(vscode.Uri.parse(key));
  });

  return {
    async run(argument) {
      const deed = { title: say`Check Hosts`, purpose: say`Checking the hosts` };
      const file = await chooseLocalFile(services.log, argument, deed);
      const state = file === undefined ? undefined : await plannable(store, file.uri);
      if (file === undefined || state === undefined) return;
      const session = services.openSession(file, state);
      try {
        const found = await withProgress(
          say`K3s HA: checking the hosts of ${state.cluster.name}`,
          { cancellable: true },
          async (tell, signal) => {
            const report = await checkHosts(
              state.cluster,
              {
                hosts: session.hosts,
                secrets: session.secrets,
                parallel: readSettings().parallelHosts,
                datastore: { ...session, clock: services.clock, sha256: services.sha256 },
              },
              {
                signal,
                onChecked: (machine, problem, done, total) =>
                  tell(
                    `${done}/${total} (${machine}${problem === undefined ? '' : `: ${problem.message}`})`,
                    100 / total,
                  ),
              },
            );
            return signal.aborted ? undefined : report;
          },
        );
        if (found === undefined) return;
        if (!found.ok) {
          if (found.error.code !== NOT_AGREED) return await reportProblem(services.log, found.error);
          services.log.info(formatProblem(found.error));
          void sayInformation(say`Nothing was sent to any host. Run the command again to be asked again.`);
          return;
        }
        const { findings } = found.value;
        checked.add(file.uri.toString());
        store.setCertificates(file.uri, found.value.certificates);
        store.setEtcd(file.uri, found.value.etcd);
        const levels = readRuleLevels(file.uri);
        store.setHostFindings(file.uri, (document, cluster) => hostFindingsIn(document, cluster, findings, levels));
        await mark(file.uri);
        services.log.info(hostReportText(findings));
        await tellResult(found.value, hostFindingsIn(state.document, state.cluster, findings, levels), services);
      } finally {
        await session.hosts.dispose();
      }
    },
    dispose: () => {
      watching.dispose();
      collection.dispose();
    },
  };
}

async function tellResult(
  { machines, examined }: HostReport,
  findings: readonly Finding[],
  services: Services,
): Promise<void> {
  const of = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [of('error'), of('warning')];
  const words = say`${examined} of ${count(machines, 'machine')} examined: ${count(errors, 'error')}, ${count(warnings, 'warning')}, ${findings.length - errors - warnings} other findings.`;
  if (findings.length === 0) return void sayInformation(say`${count(machines, 'machine')} examined, nothing found.`);
  const choices = [say`Show Problems`, say`Show Log`];
  const tell = errors > 0 ? sayError : warnings > 0 ? sayWarning : sayInformation;
  const answer = await tell(words, { choices });
  if (answer === say`Show Problems`) await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (answer === say`Show Log`) services.log.show();
}
