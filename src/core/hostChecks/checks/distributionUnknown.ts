import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

/** Names in ID or ID_LIKE of os-release of systems that K3s is tested on or is known to run on. */
const KNOWN = new Set([
  'debian',
  'ubuntu',
  'raspbian',
  'rhel',
  'centos',
  'fedora',
  'rocky',
  'almalinux',
  'ol',
  'amzn',
  'suse',
  'sles',
  'opensuse',
  'sle-micro',
  'opensuse-leap',
  'opensuse-tumbleweed',
  'opensuse-microos',
  'arch',
  'flatcar',
  'coreos',
  'alpine',
]);

export const distributionUnknown = defineHostCheck({
  id: 'distribution-unknown',
  severity: 'info',
  title: later`A distribution that nobody has tried here`,
  rationale: `K3s runs on most Linux systems. What is installed beside it, such as packages for a load balancer or the policy for SELinux, depends on the distribution, and for an unknown one nothing of that can be promised.`,
  sources: [DOCUMENTS.requirements],
  judge: (look) =>
    ofNodes(look, ({ id }, { system, os }) =>
      system === undefined || system.distribution.some((name) => KNOWN.has(name.toLowerCase()))
        ? undefined
        : {
            message:
              system.distribution.length === 0
                ? say`${id} does not say which distribution it runs: /etc/os-release has no ID`
                : say`${id} runs ${os === '' ? system.distribution.join(' ') : os} (${system.distribution.join(', ')}), on which K3s HA was not tried`,
            nextSteps: [say`Look into the plan before you apply it, and begin with a machine that may fail.`],
          },
    ),
});
