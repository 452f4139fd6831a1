import type { Step, StepOutcome } from '../../core/plan/step';
import { awaitImages } from './awaitImages';
import { awaitNodes } from './awaitNodes';
import { deleteManifest } from './deleteManifest';
import { dropImageCache } from './dropImageCache';
import { dropNames } from './dropNames';
import { install } from './install';
import { installPackages } from './installPackages';
import { moveAddress } from './moveAddress';
import { openFirewall } from './openFirewall';
import { oweHooks } from './oweHooks';
import { placeFile } from './placeFile';
import { proveAddress } from './proveAddress';
import { putAside } from './putAside';
import { putBack } from './putBack';
import { putIn } from './putIn';
import { releaseAddress } from './releaseAddress';
import { removeBalancer } from './removeBalancer';
import { removeFile } from './removeFile';
import { removeUnit } from './removeUnit';
import { renewCertificates } from './renewCertificates';
import { restart } from './restart';
import { rotateKeys } from './rotateKeys';
import { rotateToken } from './rotateToken';
import { runHook } from './runHook';
import { saveSnapshot } from './saveSnapshot';
import { start } from './start';
import { stopServer } from './stopServer';
import type { StepContext, RunnableKind } from './step';
import { takeOut } from './takeOut';
import { withdrawRoute } from './withdrawRoute';
import { writeBalancer } from './writeBalancer';
import { writeConfig } from './writeConfig';

/** Every kind of step, by the names of their files. */
const KINDS: readonly RunnableKind<never>[] = [
  awaitImages,
  awaitNodes,
  deleteManifest,
  dropImageCache,
  dropNames,
  install,
  installPackages,
  moveAddress,
  openFirewall,
  oweHooks,
  placeFile,
  proveAddress,
  putAside,
  putBack,
  putIn,
  releaseAddress,
  removeBalancer,
  removeFile,
  removeUnit,
  renewCertificates,
  restart,
  rotateKeys,
  rotateToken,
  runHook,
  saveSnapshot,
  start,
  stopServer,
  takeOut,
  withdrawRoute,
  writeBalancer,
  writeConfig,
];

/** Carries out a step by its kind. */
export function runStep(step: Step, at: StepContext, kinds = KINDS): Promise<StepOutcome> {
  const kind = kinds.find((candidate) => candidate.kind === step.kind);
  if (kind === undefined) throw new Error(`no step kind ${step.kind}`);
  return kind.run(step.input as never, at);
}

export function stepKinds(): readonly string[] {
  return KINDS.map(({ kind }) => kind);
}
