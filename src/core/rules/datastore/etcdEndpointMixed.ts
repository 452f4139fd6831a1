import { later, say } from '../../base/say';
import { setValue } from '../../document/edit';
import { defineRule } from '../reading/defineRule';
import { firstPlace, samePath, value } from '../reading/places';
import { SOURCES } from '../reading/sources';
import { listWords } from '../reading/words';
import { etcdEndpoints } from '../reading/etcdEndpoints';

type Urls = ReturnType<typeof etcdEndpoints>[number]['urls'];

export const etcdEndpointMixed = defineRule({
  id: 'etcd-endpoint-mixed',
  severity: 'error',
  title: later`The list of etcd endpoints is not a plain list of URLs of one kind`,
  rationale: `An external etcd is given as URLs separated by commas, without blanks: \`https://etcd-1:2379,https://etcd-2:2379\`. K3s splits the text at the commas and takes the scheme of the first URL for all, so a member without \`https://\` or with a blank in front of it cannot be reached, and \`http\` beside \`https\` leaves part of the members behind. Nobody notices until the members that do work are down.`,
  sources: [SOURCES.datastore],
  check: (context) =>
    etcdEndpoints(context).flatMap(({ path, urls }) => {
      const problem = problemWith(urls);
      return problem === undefined
        ? []
        : [
            {
              ...firstPlace(context.document, value(path)),
              message: say`${problem} All etcd endpoints are URLs of the same scheme, separated by commas alone.`,
            },
          ];
    }),
  fix: (context, finding) =>
    etcdEndpoints(context)
      .filter(({ path }) => samePath(path, finding.path))
      .map(({ path, urls }) => {
        const schemes = schemesOf(urls);
        const scheme = schemes.length === 1 ? schemes[0] : 'https';
        const repaired = urls
          .map(({ text }) => text.replace(/\s+/g, '').replace(/^[a-z0-9+.-]+:\/\//i, ''))
          .filter((rest) => rest !== '');
        return {
          title: say`Write all of them as ${scheme}://… without blanks`,
          edits: setValue(context.document, path, repaired.map((rest) => `${scheme}://${rest}`).join(',')),
          safe: schemes.length === 1,
        };
      }),
});

function schemesOf(urls: Urls): readonly string[] {
  return [...new Set(urls.flatMap(({ scheme }) => scheme ?? []))];
}

function problemWith(urls: Urls): string | undefined {
  const schemes = schemesOf(urls);
  if (schemes.length > 1)
    return say`This list mixes ${listWords(schemes.map((scheme) => `${scheme}://`))}; K3s goes by the first one, and the others cannot be reached.`;
  const bare = urls
    .filter(({ text, scheme }) => text.trim() !== '' && scheme === undefined)
    .map(({ text }) => withoutCredentials(text.trim()));
  if (bare.length > 0)
    return say`${listWords(bare)} ${bare.length === 1 ? 'has' : 'have'} no ${schemes[0] ?? 'https'}:// in front and cannot be reached.`;
  if (urls.some(({ text }) => text.trim() === '')) return say`This list has a comma with nothing on one side of it.`;
  if (urls.some(({ text }) => /\s/.test(text)))
    return say`This list has blanks in it, which K3s takes for a part of the URL.`;
  return undefined;
}

function withoutCredentials(text: string): string {
  return text.slice(text.lastIndexOf('@') + 1);
}
