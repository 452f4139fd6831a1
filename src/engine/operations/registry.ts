import type { Operation } from './operation';
import { provision } from './provision';
import { renewCertificates } from './renewCertificates';
import { repairCertificateNames } from './repairCertificateNames';
import { restart } from './restart';
import { rotateEncryptionKeys } from './rotateEncryptionKeys';
import { rotateToken } from './rotateToken';

/** Everything that can be done to a cluster, by the names of their files. */
const OPERATIONS: readonly Operation<never>[] = [
  provision,
  renewCertificates,
  repairCertificateNames,
  restart,
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
