import { later, said, say } from '../../base/say';
import type { Path } from '../../base/path';
import { scalarText } from '../../cluster/configValue';
import { renameKey, setValue } from '../../document/edit';
import { addressFault, type AddressForm } from '../reading/addressForm';
import { isFilledIn } from '../reading/blanks';
import { defineRule, type Report } from '../reading/defineRule';
import { firstPlace, key, value, writtenOptions } from '../reading/places';
import { hasReference, isMap, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';
import type { RuleContext } from '../rule';

const WORDS: Partial<Record<AddressForm['fault'], string>> = {
  scheme: later`has a scheme`,
  cidr: later`is a network`,
  wildcard: later`is a pattern`,
  blank: later`has a blank in it`,
};

export const registryForm = defineRule({
  id: 'registry-form',
  severity: 'error',
  title: later`A registry that no image name begins with`,
  rationale: `Images are named by the host of their registry, with a port where it has one: \`registry.lan:5000/app\`. \`system-default-registry\` is put in front of the images of K3s as it is, so \`https://registry.lan\` makes names that nothing can pull. The keys of \`registries.mirrors\` are compared with that host: with a scheme, or as a pattern such as \`*.lan\`, they never match, and images come from where they came before. \`"*"\` alone stands for all registries.`,
  sources: [SOURCES.privateRegistry, SOURCES.serverOptions],
  check: (context) => [...defaultRegistries(context), ...mirrors(context)],
  fix: ({ document }, finding) => {
    const text = finding.data?.['text'] ?? '';
    const bare = addressFault(text, 'port')?.bare;
    if (bare === undefined) return [];
    const rest = finding.part === 'key' ? '' : (/^[^/]+:\/\/[^/]*(\/.+?)\/?$/.exec(text)?.[1] ?? '');
    return [
      {
        title: say`Write ${bare}${rest}`,
        edits:
          finding.part === 'key'
            ? renameKey(document, finding.path, bare)
            : setValue(document, finding.path, bare + rest),
        safe: true,
      },
    ];
  },
});

function defaultRegistries(context: RuleContext): readonly Report[] {
  return writtenOptions(context).flatMap(({ name, path, value: written }) => {
    const text = name === 'system-default-registry' ? scalarText(written) : undefined;
    const words = text === undefined ? undefined : faultOf(text, 'system-default-registry');
    if (text === undefined || words === undefined) return [];
    const message = say`"${text}" ${words}, and stands in front of the names of images: none of K3s's own could be pulled. Write the host alone, with a port where it has one.`;
    return [{ ...firstPlace(context.document, value(path)), message, data: { text } }];
  });
}

function mirrors({ document }: RuleContext): readonly Report[] {
  const written = valueAt(document.data, ['registries', 'mirrors']);
  return Object.keys(isMap(written) ? written : {}).flatMap((text) => {
    const words = text === '*' ? undefined : faultOf(text, 'host');
    if (words === undefined) return [];
    const path: Path = ['registries', 'mirrors', text];
    const message = say`"${text}" ${words}, and is compared with the host that image names begin with: no image would use this mirror. Write the host alone, or "*" for all.`;
    return [{ ...firstPlace(document, key(path)), message, data: { text } }];
  });
}

function faultOf(text: string, key: string): string | undefined {
  if (hasReference(text) || !isFilledIn(text, key)) return undefined;
  const fault = addressFault(text, 'port')?.fault;
  const words = fault === undefined ? undefined : WORDS[fault];
  return words === undefined ? undefined : said(words);
}
