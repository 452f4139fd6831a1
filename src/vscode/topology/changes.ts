import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import type { EditMessage } from '../../contract/messages';
import { fixes } from '../../core/language/validate';
import type { TextEdit } from '../../core/base/text';
import { oneMoreServer, zoneChoices } from '../../core/authoring/zoneChoices';
import { isHost } from '../../core/authoring/starter/addresses';
import { abridge } from '../../core/topology/abridge';
import { clusterHealth } from '../../core/health/clusterHealth';
import { buildGraph } from '../../core/topology/graph';
import {
  addNode,
  promoteAgent,
  removeNode,
  setDatastore,
  setFixedAddress,
  setZone,
  type EditResult,
} from '../../core/authoring/changes';
import type { NodeRole } from '../../core/k3s/nodeRole';
import type { ClusterNode } from '../../core/cluster/cluster';
import type { StoredCluster } from '../clusters/clusterStore';
import { COMMANDS } from '../ids';
import { toWorkspaceEdit } from '../language/convert';
import { askEndpoint } from '../services/askEndpoint';
import type { SecretVault } from '../services/secretVault';
import { readRuleLevels } from '../services/settings';
import { storeSecrets as keepSecrets } from '../services/storeSecrets';
import { askText, choose, sayInformation, sayWarning } from '../services/say';
import { nodesOf } from '../../core/cluster/roles';

/** Makes a change that the diagram asks for: asks what it lacks, then edits the text in one step that one undo takes back. */
export async function changeCluster(
  vault: SecretVault,
  state: StoredCluster,
  { change, partId, ruleId }: EditMessage,
): Promise<void> {
  const { cluster, unreadable } = state;
  if (unreadable !== undefined) {
    void sayWarning(
      say`The file cannot be read (line ${unreadable}). Mend that first, then change it from the diagram.`,
    );
    return;
  }
  const graph = buildGraph(abridge(cluster).cluster, state.findings);
  const part = graph.parts.find(({ id }) => id === partId);
  const node = nodesOf(cluster).find(
    ({ id, role }) => id === part?.nodeId && (part?.kind === 'agent') === (role === 'agent'),
  );
  switch (change) {
    case 'addServer':
      return addMachine(state, 'server', part?.zone);
    case 'addAgent':
      return addMachine(state, 'agent', part?.zone);
    case 'setZone':
      return node === undefined ? undefined : changeZone(state, node);
    case 'removeNode':
      return node === undefined ? undefined : leave(state, node);
    case 'promote':
      return node === undefined ? undefined : apply(state, promoteAgent(state, node));
    case 'fixedAddress':
      return changeAddress(state);
    case 'datastore':
      return changeDatastore(vault, state);
    case 'fix': {
      const marks = part === undefined ? graph.marks : part.marks;
      return ruleId === undefined || marks.every((mark) => mark.ruleId !== ruleId)
        ? undefined
        : fix(state, ruleId, part?.nodeId);
    }
  }
}

/** A node of the running cluster leaves that first; one that is only planned leaves the text. */
async function leave(state: StoredCluster, node: ClusterNode): Promise<void> {
  const nodes = 'nodes' in state.live ? state.live.nodes : [];
  const runs = clusterHealth(state.cluster, nodes).nodes.some((one) => one.node === node && one.live !== undefined);
  if (!runs) return apply(state, removeNode(state, node));
  await vscode.commands.executeCommand(COMMANDS.removeNode, { uri: state.uri, row: { id: `node:${node.id}` } });
}

async function apply(state: StoredCluster, edits: EditResult): Promise<void> {
  if (!edits.ok) {
    void sayWarning(edits.error);
    return;
  }
  await edit(state, edits.value);
}

/** The file comes up beside the diagram, so that the change is seen and can be taken back. */
async function edit(state: StoredCluster, edits: readonly TextEdit[]): Promise<void> {
  const document = await vscode.workspace.openTextDocument(state.uri);
  if (document.getText() !== state.document.text) {
    void sayWarning(say`The file has changed in the meantime; try again.`);
    return;
  }
  const shown = vscode.window.visibleTextEditors.some((editor) => editor.document === document);
  if (!shown)
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.One,
      preserveFocus: true,
      preview: false,
    });
  await vscode.workspace.applyEdit(toWorkspaceEdit(document, edits));
}

async function addMachine(state: StoredCluster, role: NodeRole, zone: string | undefined): Promise<void> {
  const asksZone = zone === undefined && zoneChoices(state.cluster, role).length > 0;
  const title = `Add ${role === 'server' ? 'a Server' : 'an Agent'}`;
  const worth = role === 'server' ? oneMoreServer(state.cluster) : undefined;
  const host = await askText({
    title: asksZone ? `${title} (1 of 2)` : title,
    prompt: [say`Its address or name, as SSH reaches it.`, ...(worth === undefined ? [] : [worth])].join(' '),
    placeHolder: say`10.0.0.14 or server-4.example.com`,
    ignoreFocusOut: true,
    validateInput: (text) => (isHost(text.trim()) ? undefined : say`Type an address or a host name.`),
  });
  if (host === undefined) return;
  const chosen = asksZone ? await askZone(state, role, `${title} (2 of 2)`) : { zone };
  if (chosen === undefined) return;
  await apply(
    state,
    addNode(state, role, { host: host.trim(), ...(chosen.zone === undefined ? {} : { zone: chosen.zone }) }),
  );
}

async function changeZone(state: StoredCluster, node: ClusterNode): Promise<void> {
  const chosen = await askZone(state, node.role, say`Zone of ${node.id}`);
  if (chosen !== undefined && chosen.zone !== node.zone) await apply(state, setZone(state, node, chosen.zone));
}

/** A zone of the file, a new one, or none; undefined when the person gives up. */
async function askZone(
  { cluster }: StoredCluster,
  role: NodeRole,
  title: string,
): Promise<{ readonly zone: string | undefined } | undefined> {
  const known = zoneChoices(cluster, role).map(({ zone, words }) => ({
    label: zone,
    description: words,
    zone: zone as string | undefined,
    another: false,
  }));
  const none = { label: say`No zone`, zone: undefined, another: false };
  const another = { label: say`Another zone…`, zone: undefined, another: true };
  const picked = await choose([...known, none, another], {
    title,
    placeHolder: say`What fails together stands in one zone: a rack, a room, a data center`,
  });
  if (picked === undefined || !picked.another) return picked;
  const zone = await askText({
    title,
    prompt: say`Name of the zone`,
    validateInput: (text) => (text.trim() === '' ? say`Type a name.` : undefined),
  });
  return zone === undefined ? undefined : { zone: zone.trim() };
}

async function changeAddress(state: StoredCluster): Promise<void> {
  const present = state.cluster.loadBalancer?.address ?? '';
  const address = await askText({
    title: say`Fixed Address`,
    prompt: say`Where clients and agents find the cluster whichever server is down. It also goes into the certificates.`,
    value: present,
    ignoreFocusOut: true,
    validateInput: (text) => (isHost(text.trim()) ? undefined : say`Type an address or a host name.`),
  });
  if (address !== undefined && address.trim() !== present) await apply(state, setFixedAddress(state, address.trim()));
}

async function changeDatastore(vault: SecretVault, state: StoredCluster): Promise<void> {
  const picked = await choose(
    [
      { label: say`Embedded etcd`, value: 'embedded-etcd', detail: say`Three servers or more, each with the data` },
      { label: say`External datastore…`, value: undefined, detail: say`MySQL, PostgreSQL, etcd or NATS` },
      { label: say`SQLite`, value: 'sqlite', detail: say`One server, no high availability` },
    ],
    { title: say`Datastore`, placeHolder: say`A cluster that runs already does not move its data by this change` },
  );
  if (picked === undefined) return;
  const wanted = picked.value ?? (await askEndpoint('Datastore'));
  if (wanted === undefined) return;
  const { edits, storeSecrets } = setDatastore(state, wanted);
  if (edits.ok && !(await keepSecrets(vault.of(state.uri), storeSecrets))) return;
  await apply(state, edits);
}

/** The quick fixes of a finding, the same as in the editor. */
async function fix(state: StoredCluster, ruleId: string, nodeId: string | undefined): Promise<void> {
  const { document } = state;
  const ofRule = state.findings.filter((finding) => finding.ruleId === ruleId);
  const node = nodesOf(state.cluster).find(({ id }) => id === nodeId);
  const finding = ofRule.find(({ path }) => node?.path.every((step, i) => path[i] === step) === true) ?? ofRule[0];
  const range = finding === undefined ? undefined : document.rangeOf(finding.path, finding.part);
  const offered =
    range === undefined
      ? []
      : fixes(document, range, { levels: readRuleLevels(state.uri) }).filter(
          (candidate) => candidate.diagnosticCode === ruleId && candidate.kind === 'fix',
        );
  const [first] = offered;
  if (first === undefined) {
    void sayInformation(say`There is no quick fix for this finding: its page tells what to do.`);
    return;
  }
  const picked =
    offered.length === 1
      ? first
      : (
          await choose(
            offered.map((candidate) => ({ label: candidate.title, candidate })),
            { title: say`Quick Fix` },
          )
        )?.candidate;
  if (picked === undefined) return;
  if (picked.storeSecrets === undefined && picked.asksFor === undefined) await edit(state, picked.edits);
  else
    await vscode.commands.executeCommand(
      COMMANDS.applyFix,
      state.uri,
      (await vscode.workspace.openTextDocument(state.uri)).version,
      picked,
    );
}
