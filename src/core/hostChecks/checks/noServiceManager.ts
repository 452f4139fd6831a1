import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const noServiceManager = defineHostCheck({
  id: 'no-service-manager',
  severity: 'error',
  title: later`Neither systemd nor OpenRC`,
  rationale: `K3s is installed as a service of systemd or of OpenRC (Alpine Linux); its install script knows no other service manager. K3s HA starts, restarts and watches it through them. In a container without either of them nothing would start K3s again.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, ({ id }, { init }) =>
      init !== 'none'
        ? undefined
        : {
            message: say`${id} runs neither systemd nor OpenRC, so nothing can start K3s and keep it running`,
            nextSteps: [
              say`Use a host that one of them has started. Where OpenRC is installed it must have started the host: /run/openrc/softlevel is there then.`,
            ],
          },
    ),
});
