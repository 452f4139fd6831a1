/** What stands around a name or an address where the name alone is wanted. */
type AddressFault = 'scheme' | 'path' | 'cidr' | 'wildcard' | 'port' | 'blank' | 'brackets';

export interface AddressForm {
  readonly fault: AddressFault;
  /** The name or address alone; undefined where none can be told. */
  readonly bare?: string;
}

/** What is wrong with the form of a name or an address; undefined when it is one, with a port where one may stand. */
export function addressFault(text: string, mayHave: 'port' | 'nothing'): AddressForm | undefined {
  if (/\s/.test(text)) return { fault: 'blank' };
  if (text.includes('*')) return { fault: 'wildcard' };
  if (/^[^/]+\/\d{1,3}$/.test(text)) return { fault: 'cidr' };
  const [, scheme, host = '', port = '', path] =
    /^([a-z][a-z0-9+.-]*:\/\/)?(\[[^\]]*\]|[^/:]*|[^/]*)(:\d+)?(\/.*)?$/i.exec(text) ?? [];
  const name = mayHave === 'port' ? host + port : host.replace(/^\[(.*)\]$/, '$1');
  const bare = name === '' ? {} : { bare: name };
  if (scheme !== undefined) return { fault: 'scheme', ...bare };
  if (path !== undefined) return { fault: 'path', ...bare };
  if (mayHave === 'port') return undefined;
  if (port !== '') return { fault: 'port', ...bare };
  return host.startsWith('[') ? { fault: 'brackets', ...bare } : undefined;
}
