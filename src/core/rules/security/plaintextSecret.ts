import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { freeName, plainSecrets } from '../reading/plainSecrets';

export const plaintextSecret = defineRule({
  id: 'plaintext-secret',
  severity: 'warning',
  title: later`A secret stands in the file as plain text`,
  rationale: `A cluster file belongs into version control, and a secret in it stays in the history for good. References keep it out: \`\${secret:name}\` is kept in the editor's secret storage, \`\${env:NAME}\` comes from the environment, \`\${file:path}\` from a file that is not checked in.

The quick fix moves the value into the secret storage of this machine and leaves a reference behind. A secret that was committed before should be changed as well.`,
  sources: [SOURCES.token, SOURCES.datastore],
  check: (context) =>
    plainSecrets(context).map(({ path, what, harm, name }) => ({
      ...firstPlace(context.document, value(path)),
      message: say`${what} stands here in plain text: whoever gets to see this file or its Git history can ${harm}. Move it to \${secret:${name}}.`,
    })),
  fix: (context, finding) =>
    plainSecrets(context)
      .filter(({ path }) => samePath(path, finding.path))
      .map((secret) => {
        const name = freeName(context.document.text, secret.name);
        const { text, range } = secret;
        return {
          title: say`Move it to the secret storage as ${name}`,
          edits: setValue(
            context.document,
            secret.path,
            `${text.slice(0, range.start)}\${secret:${name}}${text.slice(range.end)}`,
          ),
          safe: false,
          storeSecrets: { [name]: text.slice(range.start, range.end) },
        };
      }),
});
