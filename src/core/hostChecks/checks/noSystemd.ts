import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const noSystemd = defineHostCheck({
  id: 'no-systemd',
  severity: 'error',
  title: 'No systemd',
  rationale: `K3s HA installs, starts, restarts and watches K3s through systemd. K3s itself also runs with OpenRC, but nothing here would see whether it is up.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, ({ id }, { init }) =>
      init === 'systemd'
        ? undefined
        : {
            message: `${id} does not run systemd, which this version of K3s HA needs`,
            ...(init === 'openrc' ? { why: 'It runs OpenRC.' } : {}),
            nextSteps: ['Install K3s on this host by hand, or use a host with systemd.'],
          },
    ),
});
