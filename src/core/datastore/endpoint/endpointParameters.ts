import type { TextRange } from '../../base/text';
import { hideReferences, type DatastoreEndpoint } from './dsn';

/** `name=value` after the `?` of a datastore endpoint. */
interface EndpointParameter {
  readonly name: string;
  readonly value: string;
  /** Offsets of `name=value` in the endpoint. */
  readonly range: TextRange;
}

/** The parameters of an endpoint, in their order. */
export function endpointParameters(
  endpoint: string,
  { mysql, password }: DatastoreEndpoint,
): readonly EndpointParameter[] {
  const text = hideReferences(endpoint);
  const question = text.indexOf('?', mysql?.range.end ?? password?.end ?? 0);
  if (question < 0) return [];
  let start = question + 1;
  return text
    .slice(start)
    .split('&')
    .flatMap((part) => {
      const range = { start, end: start + part.length };
      start = range.end + 1;
      const equals = part.indexOf('=');
      return equals < 1
        ? []
        : [{ name: part.slice(0, equals), value: endpoint.slice(range.start + equals + 1, range.end), range }];
    });
}

/** The endpoint without the parameters of these names. */
export function withoutParameters(endpoint: string, parsed: DatastoreEndpoint, names: readonly string[]): string {
  const parameters = endpointParameters(endpoint, parsed);
  const [first] = parameters;
  if (first === undefined) return endpoint;
  const kept = parameters
    .filter(({ name }) => !names.includes(name))
    .map(({ range }) => endpoint.slice(range.start, range.end));
  const head = endpoint.slice(0, first.range.start - 1);
  return kept.length === 0 ? head : `${head}?${kept.join('&')}`;
}
