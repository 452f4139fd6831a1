import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const nmCloudSetup = defineHostCheck({
  id: 'nm-cloud-setup',
  severity: 'warning',
  title: later`nm-cloud-setup changes routes`,
  rationale: `nm-cloud-setup of RHEL before 8.4 and its relatives lays routing rules over those of K3s, so that pods and services are not reached. K3s asks for it to be switched off.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, ({ id }, { system }) =>
      system?.nmCloudSetup === true
        ? {
            message: say`nm-cloud-setup is enabled on ${id}; it changes the routes that pods and services need`,
            nextSteps: [
              say`Run "systemctl disable --now nm-cloud-setup.service nm-cloud-setup.timer" and restart the host.`,
            ],
          }
        : undefined,
    ),
});
