import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { listWords, nodeLabel } from '../reading/words';
import { writtenServerUrls } from '../reading/serverUrls';

export const serverUrlNotHttps = defineRule({
  id: 'server-url-not-https',
  severity: 'error',
  title: later`The server URL does not start with https://`,
  rationale: `Nodes join over TLS only. For any other scheme, or none, the install script and K3s itself stop with \`only https:// URLs are supported\`.`,
  sources: [SOURCES.installScript, SOURCES.agentOptions],
  check: (context) =>
    writtenServerUrls(context)
      .filter(({ url }) => url.scheme !== 'https')
      .map(({ text, path, nodes }) => ({
        ...firstPlace(context.document, value(path)),
        message: say`${text} is not an https:// address: ${nodes.length === 0 ? 'K3s' : say`K3s on ${listWords(nodes.map(nodeLabel))}`} stops with "only https:// URLs are supported".`,
        data: { url: `https://${text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')}` },
      })),
  fix: ({ document }, finding) => {
    const url = finding.data?.['url'] ?? '';
    return [{ title: say`Write ${url}`, edits: setValue(document, finding.path, url), safe: true }];
  },
});
