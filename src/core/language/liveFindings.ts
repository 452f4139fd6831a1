import { machinesOf } from '../cluster/roles';
import type { ClusterDocument } from '../document/clusterDocument';
import type { LiveLook, LiveReport } from '../health/live/liveProblem';
import { liveReports } from '../health/live/registry';
import { firstPlace, key, value, type Place } from '../rules/reading/places';
import type { Finding } from '../rules/rule';
import { control, type RuleLevels } from './control';

/** What is wrong with the running cluster, at the lines that describe it; without what comments ignore or levels switch off. */
export function liveFindings(document: ClusterDocument, look: LiveLook, levels: RuleLevels = {}): readonly Finding[] {
  const machines = new Map(machinesOf(look.cluster).map(({ id, path }) => [id, path]));
  const placeOf = ({ at }: LiveReport): Place | undefined => {
    if ('machine' in at) {
      const path = machines.get(at.machine);
      return path === undefined ? undefined : firstPlace(document, value([...path, 'host']), value(path));
    }
    switch (at.part) {
      case 'datastore':
        return firstPlace(document, value(['datastore', 'type']), key(['datastore']), key(['servers']));
      case 'loadBalancer':
        return firstPlace(document, value(['loadBalancer', 'address']), key(['servers']));
      case 'servers':
        return firstPlace(document, key(['servers', 'nodes']), key(['servers']));
    }
  };
  const all = liveReports(look).flatMap((report): Finding[] => {
    const place = placeOf(report);
    const { id, severity, message, at } = report;
    const machine = 'machine' in at ? at.machine : '';
    return place === undefined ? [] : [{ ...place, ruleId: id, severity, message, data: { machine } }];
  });
  return control(document, all, levels).findings;
}
