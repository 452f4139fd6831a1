import { later, say } from '../../base/say';
import { removeOption } from '../reading/optionEdits';
import { defineRule } from '../reading/defineRule';
import { firstPlace, key, writtenOptions } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { nodeLabels } from '../reading/words';
import { isOn } from '../../cluster/options';

export const dockerRuntime = defineRule({
  id: 'docker-runtime',
  severity: 'warning',
  title: later`Docker instead of containerd`,
  rationale: `K3s brings containerd along. With \`docker\` it uses a Docker that you install and upgrade yourself, through an adapter that K3s calls experimental: a restart of Docker restarts all pods of the machine, Docker from a snap does not work well, and the embedded registry is not available.

Old tutorials use it because images had been pulled with \`docker\`; \`k3s ctr images import\` and the image folder of K3s do that for containerd.`,
  sources: [SOURCES.knownIssues, SOURCES.agentOptions],
  check: (context) =>
    writtenOptions(context)
      .filter(({ name, value, nodes }) => name === 'docker' && isOn(value) && nodes.length > 0)
      .map(({ path, nodes }) => ({
        ...firstPlace(context.document, key(path)),
        message: say`${nodeLabels(nodes)} would run on Docker, which K3s calls experimental and which has to be installed on each machine before. Without this line K3s uses its own containerd.`,
      })),
  fix: ({ document }, finding) => [
    { title: say`Use containerd (remove docker)`, edits: removeOption(document, finding.path), safe: false },
  ],
});
