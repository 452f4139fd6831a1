import type { Step, StepOutcome } from '../../core/plan/step';
import { awaitImages } from './awaitImages';
import { awaitMembers } from './awaitMembers';
import { awaitNodes } from './awaitNodes';
import { awaitSettled } from './awaitSettled';
import { bringBack } from './bringBack';
import { cordon } from './cordon';
import { deleteManifest } from './deleteManifest';
import { deleteNode } from './deleteNode';
import { drain } from './drain';
import { copySurvivor } from './copySurvivor';
import { deleteSnapshot } from './deleteSnapshot';
import { dropEtcd } from './dropEtcd';
import { dropImageCache } from './dropImageCache';
import { endReboot } from './endReboot';
import { endRestore } from './endRestore';
import { forgetNodes } from './forgetNodes';
import { haltServer } from './haltServer';
import { dropOldData } from './dropOldData';
import { dropNames } from './dropNames';
import { install } from './install';
import { installPackages } from './installPackages';
import { keepCordoned } from './keepCordoned';
import { keepSnapshot } from './keepSnapshot';
import { markNode } from './markNode';
import { moveAddress } from './moveAddress';
import { openFirewall } from './openFirewall';
import { oweHooks } from './oweHooks';
import { placeFile } from './placeFile';
import { proveAddress } from './proveAddress';
import { proveRestore } from './proveRestore';
import { proveServed } from './proveServed';
import { proveSnapshot } from './proveSnapshot';
import { proveTunnels } from './proveTunnels';
import { proveWhole } from './proveWhole';
import { putAside } from './putAside';
import { putBack } from './putBack';
import { putDataAside } from './putDataAside';
import { putIn } from './putIn';
import { releaseAddress } from './releaseAddress';
import { reboot } from './reboot';
import { removeBalancer } from './removeBalancer';
import { removeFile } from './removeFile';
import { removeMember } from './removeMember';
import { removeUnit } from './removeUnit';
import { renewCertificates } from './renewCertificates';
import { resetCluster } from './resetCluster';
import { restart } from './restart';
import { rotateKeys } from './rotateKeys';
import { rotateToken } from './rotateToken';
import { runHook } from './runHook';
import { saveSnapshot } from './saveSnapshot';
import { sendSnapshot } from './sendSnapshot';
import { start } from './start';
import { startAgain } from './startAgain';
import { stopServer } from './stopServer';
import type { StepContext, RunnableKind } from './step';
import { stopK3s } from './stopK3s';
import { takeAway } from './takeAway';
import { takeOut } from './takeOut';
import { uncordon } from './uncordon';
import { uninstallK3s } from './uninstallK3s';
import { watchDrill } from './watchDrill';
import { withdrawRoute } from './withdrawRoute';
import { writeBalancer } from './writeBalancer';
import { writeConfig } from './writeConfig';

/** Every kind of step, by the names of their files. */
const KINDS: readonly RunnableKind<never>[] = [
  awaitImages,
  awaitMembers,
  awaitNodes,
  awaitSettled,
  bringBack,
  cordon,
  deleteManifest,
  deleteNode,
  drain,
  copySurvivor,
  deleteSnapshot,
  dropEtcd,
  dropImageCache,
  endReboot,
  endRestore,
  forgetNodes,
  haltServer,
  dropOldData,
  dropNames,
  install,
  installPackages,
  keepCordoned,
  keepSnapshot,
  markNode,
  moveAddress,
  openFirewall,
  oweHooks,
  placeFile,
  proveAddress,
  proveRestore,
  proveServed,
  proveSnapshot,
  proveTunnels,
  proveWhole,
  putAside,
  putBack,
  putDataAside,
  putIn,
  releaseAddress,
  reboot,
  removeBalancer,
  removeFile,
  removeMember,
  removeUnit,
  renewCertificates,
  resetCluster,
  restart,
  rotateKeys,
  rotateToken,
  runHook,
  saveSnapshot,
  sendSnapshot,
  start,
  startAgain,
  stopK3s,
  stopServer,
  takeAway,
  takeOut,
  uncordon,
  uninstallK3s,
  watchDrill,
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
