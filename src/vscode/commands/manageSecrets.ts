import { say } from '../../core/base/say';
import * as vscode from 'vscode';
import { disclosuresOf, type Disclosure } from '../../core/cluster/disclosures';
import { linesOf } from '../../core/cluster/writtenAt';
import { machineLabel } from '../../engine/secrets/disclosureQuestion';
import { disclosureId } from '../../engine/secrets/secretDoor';
import type { ClusterStore, StoredCluster } from '../clusters/clusterStore';
import { chooseClusterFile } from '../services/clusterFile';
import { idOf, type FileSecrets } from '../services/secretVault';
import { askText, choose, sayInformation, sayWarning, type Choice } from '../services/say';
import type { Services } from '../services/services';

/** A row of the list: a secret of this file or of another one, or everything that was agreed to. */
interface Row extends Choice {
  readonly secret?: {
    readonly name: string;
    readonly of: FileSecrets;
    readonly isStored: boolean;
    readonly line?: number;
  };
  readonly forgetsAgreements?: true;
}

/** K3s HA: Manage Secrets — which secrets a file uses and where they go; change and forget them, and what was agreed to. */
export async function manageSecrets(store: ClusterStore, services: Services, argument: unknown): Promise<void> {
  const uri = await chooseClusterFile(argument, say`Manage Secrets`);
  const state = uri === undefined ? undefined : await store.get(uri);
  if (state === undefined) return;
  const rows = [...(await ownRows(state, services)), ...(await otherRows(state, services))];
  if (rows.length === 0) {
    void sayInformation(
      say`${vscode.workspace.asRelativePath(state.uri)} uses no stored secret, and nothing was agreed to for it.`,
    );
    return;
  }
  const picked = await choose(rows, {
    title: say`Secrets of ${vscode.workspace.asRelativePath(state.uri)}`,
    placeHolder: say`Change or forget which one?`,
    matchOnDetail: true,
  });
  if (picked?.forgetsAgreements === true) return forgetAgreements(state, services);
  if (picked?.secret !== undefined) await manageOne(state, picked.secret);
}

async function ownRows(state: StoredCluster, services: Services): Promise<readonly Row[]> {
  const secrets = services.vault.of(state.uri);
  const stored = new Set(await secrets.names());
  const record = await services.agreements(state.uri).read();
  const given = new Set(record.given);
  const disclosures = disclosuresOf(state.cluster);
  const lines = linesOf(state.document, new Set(disclosures.map(({ written }) => written)));
  const names = [
    ...new Set([...disclosures.flatMap(({ kind, name }) => (kind === 'secret' ? [name] : [])), ...stored]),
  ].sort();
  const rows = names.map((name): Row => {
    const uses = disclosures.filter((disclosure) => disclosure.kind === 'secret' && disclosure.name === name);
    const line = uses.flatMap(({ written }) => lines.get(written) ?? [])[0];
    const isStored = stored.has(name);
    return {
      label: name,
      icon: 'lock',
      description: isStored ? say`stored` : say`not stored: asked for when it is needed`,
      detail: usesInWords(uses, lines, (disclosure) => given.has(disclosureId(disclosure, services.sha256))),
      secret: { name, of: secrets, isStored, ...(line === undefined ? {} : { line }) },
    };
  });
  const agreed: Row = {
    label: say`Forget what was agreed to`,
    icon: 'discard',
    detail: say`The next run asks again what may go to which host.`,
    forgetsAgreements: true,
  };
  return given.size === 0 && Object.keys(record.hostKeys).length === 0 ? rows : [...rows, agreed];
}

function usesInWords(
  uses: readonly Disclosure[],
  lines: ReadonlyMap<string, readonly number[]>,
  isAgreed: (disclosure: Disclosure) => boolean,
): string {
  if (uses.length === 0) return say`The file does not use it.`;
  const at = [
    ...new Set(uses.map(({ use, written }) => say`${use}, line ${(lines.get(written) ?? []).join(', ')}`)),
  ].join('; ');
  const hosts = [...new Set(uses.filter(isAgreed).map(({ machine }) => machineLabel(machine)))];
  return `${at} · ${hosts.length === 0 ? say`goes nowhere yet: not agreed to` : say`agreed for ${hosts.slice(0, 6).join(', ')}${hosts.length > 6 ? say` and ${hosts.length - 6} more` : ''}`}`;
}

/** Secrets of files that may be gone meanwhile: only here they can still be forgotten. */
async function otherRows(state: StoredCluster, { vault }: Services): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const file of await vault.files()) {
    if (file === idOf(state.uri)) continue;
    const of = vault.ofFile(file);
    for (const name of await of.names())
      rows.push({
        label: name,
        icon: 'lock',
        description: say`stored, for another file`,
        detail: vscode.Uri.parse(file).path,
        secret: { name, of, isStored: true },
      });
  }
  return rows;
}

async function manageOne(
  { uri }: StoredCluster,
  { name, of, isStored, line }: NonNullable<Row['secret']>,
): Promise<void> {
  const change = { label: isStored ? say`Change…` : say`Enter…`, icon: 'edit' };
  const forget = { label: say`Forget`, icon: 'trash' };
  const show = { label: say`Show in File`, icon: 'go-to-file' };
  const picked = await choose([change, ...(isStored ? [forget] : []), ...(line === undefined ? [] : [show])], {
    title: say`Secret "${name}"`,
  });
  if (picked === change) {
    const value = await askText({
      title: say`Secret "${name}"`,
      prompt: say`The new value. Machines that have the old one keep it until the next run.`,
      password: true,
      ignoreFocusOut: true,
    });
    if (value !== undefined && value !== '') await of.store(name, value);
  } else if (picked === forget) {
    const sure = say`Forget`;
    const answer = await sayWarning(say`Forget the secret "${name}"?`, {
      detail: say`It cannot be brought back. Snapshots of a cluster can be restored only with the token of their time.`,
      choices: [sure],
    });
    if (answer === sure) await of.forget(name);
  } else if (picked === show && line !== undefined) {
    const at = new vscode.Range(line - 1, 0, line - 1, 0);
    await vscode.window.showTextDocument(uri, { selection: at });
  }
}

async function forgetAgreements({ uri }: StoredCluster, services: Services): Promise<void> {
  await services.agreements(uri).update(() => ({ given: [], hostKeys: {} }));
  void sayInformation(say`Forgotten. The next run asks again what may go to which host.`);
}
