import {
  apiSilent,
  etcdAlarmRaised,
  fixedAddressSilent,
  quorumAtRisk,
  quorumLost,
  snapshotOld,
} from './clusterProblems';
import type { LiveLook, LiveProblem, LiveReport } from './liveProblem';
import { addressTaken, agentDown, serverDown } from './machineProblems';
import {
  certificatesEnding,
  etcdMemberUnhealthy,
  leftCordoned,
  liveDrift,
  nodeAbsent,
  nodeNotReady,
  nodePressure,
} from './nodeProblems';

/** All that is told of a running cluster, in the order of their ids. */
export const LIVE_PROBLEMS: readonly LiveProblem[] = [
  serverDown,
  agentDown,
  addressTaken,
  quorumLost,
  quorumAtRisk,
  etcdMemberUnhealthy,
  etcdAlarmRaised,
  apiSilent,
  fixedAddressSilent,
  nodeNotReady,
  nodeAbsent,
  nodePressure,
  leftCordoned,
  certificatesEnding,
  snapshotOld,
  liveDrift,
];

/** What is wrong now, each with its kind. */
export function liveReports(look: LiveLook): readonly (LiveReport & Pick<LiveProblem, 'id' | 'severity'>)[] {
  return LIVE_PROBLEMS.flatMap(({ id, severity, judge }) =>
    judge(look).map((report) => ({ id, ...report, severity: report.severity ?? severity })),
  );
}
