import { say } from '../../base/say';
import { setValue } from '../../document/edit';
import { addressAt } from '../../k3s/cidr';
import type { Finding, Fix, RuleContext } from '../rule';
import { networksOf } from './networks';
import { removeOption } from './optionEdits';

/** The address that K3s would take, or no option at all. */
export function tenthAddress(context: RuleContext, finding: Finding): readonly Fix[] {
  const [first] = context.cluster.servers;
  const service =
    first === undefined
      ? undefined
      : networksOf(context, first).find(({ kind, cidr }) => kind === 'service' && cidr.family === 4);
  const tenth = service === undefined ? undefined : addressAt(service.cidr, 10);
  const use =
    tenth === undefined
      ? []
      : [{ title: say`Use ${tenth}`, edits: setValue(context.document, finding.path, tenth), safe: true }];
  return [
    ...use,
    {
      title: say`Remove cluster-dns (K3s takes the tenth address)`,
      edits: removeOption(context.document, finding.path),
      safe: false,
    },
  ];
}
