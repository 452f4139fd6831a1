import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { blanksOf } from '../reading/blanks';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';

export const referenceMisspelt = defineRule({
  id: 'reference-misspelt',
  severity: 'error',
  title: later`A reference that nobody resolves`,
  rationale: `A value is taken from somewhere else by \`\${secret:name}\` (the secret storage), \`\${env:NAME}\` (the environment) or \`\${file:path}\`, in exactly this form. Another spelling (\`\${secrets:name}\`, \`\${env.NAME}\`, \`\${NAME}\`) is plain text: the machines would get the text itself as their token or password, the same for everybody who knows the file.`,
  sources: [SOURCES.token, SOURCES.datastore],
  check: ({ document }) =>
    blanksOf(document).flatMap(({ path, misspelt }) =>
      misspelt.slice(0, 1).map(({ text, meant }) => ({
        ...firstPlace(document, value(path)),
        message: say`${text} is no reference, so it would be taken as it stands. Write ${meant.join(say` or `)}.`,
      })),
    ),
  fix: ({ document }, finding) => {
    const blank = blanksOf(document).find(({ path }) => samePath(path, finding.path));
    const [first] = blank?.misspelt ?? [];
    if (blank === undefined || first === undefined) return [];
    const { text } = blank;
    return first.meant.map((meant) => ({
      title: say`Write ${meant}`,
      edits: setValue(document, blank.path, text.slice(0, first.range.start) + meant + text.slice(first.range.end)),
      safe: first.meant.length === 1,
    }));
  },
});
