import { deleteSnapshot } from './deleteSnapshot';
import { drain } from './drain';
import { drill } from './drill';
import type { Operation } from './operation';
import { provision } from './provision';
import { pruneSnapshots } from './pruneSnapshots';
import { reboot } from './reboot';
import { removeNode } from './removeNode';
import { renewCertificates } from './renewCertificates';
import { resetCluster } from './resetCluster';
import { restart } from './restart';
import { restore } from './restore';
import { saveSnapshot } from './saveSnapshot';
import { repairCertificateNames } from './repairCertificateNames';
import { rotateEncryptionKeys } from './rotateEncryptionKeys';
import { rotateToken } from './rotateToken';

/** Everything that can be done to a cluster, by the names of their files. */
const OPERATIONS: readonly Operation<never>[] = [
  provision,
  restart,
  reboot,
  drain,
  drill,
  removeNode,
  resetCluster,
  renewCertificates,
  saveSnapshot,
  deleteSnapshot,
  pruneSnapshots,
  restore,
  repairCertificateNames,
  rotateEncryptionKeys,
  rotateToken,
];

/** The ids of all operations. */
export function operationIds(): readonly string[] {
  return OPERATIONS.map(({ id }) => id);
}

export function operationById(id: string): Operation<object> {
  const operation = OPERATIONS.find((candidate) => candidate.id === id);
  if (operation === undefined) throw new Error(`no operation ${id}`);
  return operation;
}
