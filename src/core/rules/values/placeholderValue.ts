import { later, said, say } from '../../base/say';
import { unencodedUserInfo } from '../../datastore/endpoint/postgresUrl';
import { defineRule } from '../reading/defineRule';
import { blanksOf, fillIn } from '../reading/blanks';
import type { Placeholder } from '../reading/placeholders';
import { firstPlace, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import type { Severity } from '../rule';

const PASSWORD = later`This is a password of examples, which everybody tries first. Use another one, or a key.`;
const WORDS: Readonly<Record<Exclude<Placeholder['kind'], 'password'>, string>> = {
  variable: later`is a variable of a shell, and nothing replaces it here: K3s would get it as it stands`,
  template: later`belongs to a template that was not filled in: K3s would get it as it stands`,
  word: later`stands where a value of yours belongs`,
  reserved: later`is set aside for examples and leads to no machine`,
};
const SEVERITIES: Partial<Record<Placeholder['kind'], Severity>> = { password: 'warning', reserved: 'info' };
/** To see whether filling in helps; the person is asked for the real one. */
const SAMPLE = 'filled-in';

export const placeholderValue = defineRule({
  id: 'placeholder-value',
  severity: 'error',
  title: later`A value that is still to be filled in`,
  rationale: `Examples and scripts have something in the place of addresses, names and passwords: \`$MASTER_IP\`, \`{{ vip }}\`, \`<your-ip>\`, \`YOUR_TOKEN\`, \`hostname\`, \`192.168.1.x\`. In a cluster file nobody replaces it. \`example.com\` and its like, and addresses such as \`192.0.2.10\`, are reserved for examples: they are told as information, because a file that is only looked at may have them.

The quick fix asks for the value once, and writes it wherever the file has this placeholder. A secret does not belong there at all: \`\${secret:name}\` names one.`,
  sources: [SOURCES.reservedNames, SOURCES.configuration],
  check: ({ document }) => {
    const reserved = new Set<string>();
    // Of a name that is only reserved the first place is enough.
    const isNews = ({ kind, text }: Placeholder): boolean => {
      if (kind !== 'reserved') return true;
      const known = reserved.has(text);
      reserved.add(text);
      return !known;
    };
    return blanksOf(document).flatMap(({ path, text: whole, placeholders }) =>
      // An endpoint that ends in the middle of its password is told as that first.
      (isCutShort(whole) ? [] : placeholders.filter(isNews)).map(({ kind, text }) => ({
        ...firstPlace(document, value(path)),
        severity: SEVERITIES[kind] ?? 'error',
        // A password is never repeated.
        message: kind === 'password' ? said(PASSWORD) : say`${text} ${said(WORDS[kind])}. Write the value itself.`,
        ...(kind === 'password' ? {} : { data: { text } }),
      })),
    );
  },
  fix: ({ document }, finding) => {
    const text = finding.data?.['text'];
    if (text === undefined) return [];
    return [
      { title: say`Fill in ${text} everywhere…`, edits: fillIn(document, text, SAMPLE), safe: false, asksFor: text },
    ];
  },
});

function isCutShort(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text) && unencodedUserInfo(text) !== undefined;
}
