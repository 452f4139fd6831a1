import { later, say } from '../../base/say';
import { scalarText } from '../../cluster/configValue';
import { isOn } from '../../cluster/options';
import { setValue } from '../../document/edit';
import { inSequence } from '../../document/inSequence';
import { addressFault } from '../reading/addressForm';
import { isFilledIn } from '../reading/blanks';
import { defineRule } from '../reading/defineRule';
import { firstPlace, value, writtenOptions } from '../reading/places';
import { hasReference, valueAt } from '../reading/read';
import { SOURCES } from '../reading/sources';

export const s3EndpointForm = defineRule({
  id: 's3-endpoint-form',
  severity: 'error',
  title: later`An S3 endpoint that is more than a host`,
  rationale: `\`etcd-s3-endpoint\` is a host, with a port where it is not 443. With a scheme or a path the S3 client does not start (\`Endpoint url cannot have fully qualified paths\`): the servers run, take their snapshots, and upload none. The bucket belongs into \`etcd-s3-bucket\`, a folder into \`etcd-s3-folder\`, and a service without TLS needs \`etcd-s3-insecure: true\`.`,
  sources: [SOURCES.etcdSnapshot, SOURCES.s3Code],
  check: (context) =>
    writtenOptions(context).flatMap(({ name, path, value: written }) => {
      const text = name === 'etcd-s3-endpoint' ? scalarText(written) : undefined;
      if (text === undefined || hasReference(text) || !isFilledIn(text, name)) return [];
      const form = addressFault(text, 'port');
      if (form === undefined) return [];
      return [
        {
          ...firstPlace(context.document, value(path)),
          message: say`"${text}" is more than a host and its port, so no snapshot would be uploaded: "Endpoint url cannot have fully qualified paths".${form.bare === undefined ? '' : say` Write ${form.bare}.`}`,
          data: { text },
        },
      ];
    }),
  fix: ({ document }, { path, data }) => {
    const text = data?.['text'] ?? '';
    const bare = addressFault(text, 'port')?.bare;
    if (bare === undefined) return [];
    const insecure = [...path.slice(0, -1), 'etcd-s3-insecure'];
    const clear = /^http:/i.test(text) && !isOn(valueAt(document.data, insecure));
    return [
      {
        title: say`Write ${bare}${clear ? say`, and etcd-s3-insecure: true` : ''}`,
        edits: inSequence(
          document,
          (current) => setValue(current, path, bare),
          ...(clear ? [(current: typeof document) => setValue(current, insecure, true)] : []),
        ),
        safe: true,
      },
    ];
  },
});
