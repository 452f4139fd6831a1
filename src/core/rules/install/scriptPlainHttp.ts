import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { hostOf, isRetired, SCRIPT_URL, UPSTREAM, usesScript } from '../reading/installScript';

export const scriptPlainHttp = defineRule({
  id: 'script-plain-http',
  severity: 'error',
  title: later`The install script comes over plain HTTP, and nothing tells whether it is the right one`,
  rationale: `The install script runs as root on every host. Over \`http://\` anyone on the way can put other commands into it, so no plan is made for it. Use \`https://\`, keep the script beside the cluster file and write its path (\`scriptUrl: ./install.sh\`), or write the sha256 that it must have under \`scriptSha256\`: then another script is refused.`,
  sources: [SOURCES.installScript],
  check: ({ cluster, document }) => {
    const { scriptUrl, scriptSha256 } = cluster.k3s.install;
    if (scriptSha256 !== undefined || !usesScript(cluster) || !/^http:\/\//i.test(scriptUrl) || isRetired(scriptUrl))
      return [];
    const count = cluster.servers.length + cluster.agents.length;
    return [
      {
        ...firstPlace(document, value(SCRIPT_URL)),
        message: say`${hostOf(scriptUrl)} delivers the install script without encryption, and it runs as root on ${count === 1 ? say`the node` : say`all ${count} nodes`}: anyone on the way can change it, and no scriptSha256 says which one is right.`,
      },
    ];
  },
  fix: ({ cluster, document }) => {
    const url = cluster.k3s.install.scriptUrl.replace(/^http:/i, 'https:');
    return [
      { title: say`Write ${url}`, edits: setValue(document, SCRIPT_URL, url), safe: UPSTREAM.includes(hostOf(url)) },
    ];
  },
});
