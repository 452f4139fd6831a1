import { later, say } from '../../base/say';
import { unitOf } from '../../cluster/roles';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const openrcBesideSystemd = defineHostCheck({
  id: 'openrc-beside-systemd',
  severity: 'error',
  title: later`OpenRC is installed where systemd runs`,
  rationale: `The install script of K3s takes OpenRC as soon as \`/sbin/openrc-run\` is there, whatever has started the host. K3s is then a service that systemd does not know: nothing starts it, and what an upgrade writes is not what runs.`,
  sources: [DOCUMENTS.installScript],
  judge: (look) =>
    ofNodes(look, (node, { init, system, units }) =>
      init === 'systemd' && system?.openrc === true
        ? {
            message: say`${node.id} runs systemd and has OpenRC installed, which the install script of K3s would take`,
            ...(units[unitOf(node)] === undefined ? {} : { severity: 'warning' as const }),
            nextSteps: [say`Remove the package openrc from the host, then run again.`],
          }
        : undefined,
    ),
});
