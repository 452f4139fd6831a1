import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const apparmorParserMissing = defineHostCheck({
  id: 'apparmor-parser-missing',
  severity: 'warning',
  title: later`AppArmor is on, and its parser is not installed`,
  rationale: `containerd loads its profile with apparmor_parser wherever the kernel has AppArmor. Without that program no pod starts.`,
  sources: [DOCUMENTS.appArmor],
  judge: (look) =>
    ofNodes(look, ({ id }, { system }) =>
      system?.appArmor === true && !system.appArmorParser
        ? {
            message: say`The kernel of ${id} has AppArmor on, and apparmor_parser is not installed, without which no pod starts`,
            nextSteps: [say`Install the package apparmor (apparmor-parser on openSUSE) on the host.`],
          }
        : undefined,
    ),
});
