import { optionFacts } from '../../k3s/options';
import { tokenCaHash, tokenPassword } from '../../k3s/joinToken';
import { isLiteralSecret } from '../../cluster/references';
import type { OptionValue } from './installCommand';
import { holdsPlaceholder, isWholePlaceholder, revealed } from './placeholder';

/** Secrets that a text had, by the names under which the file refers to them. */
export class KeptValues {
  readonly secrets: Record<string, string> = {};
  readonly notes: string[] = [];
  readonly #taken = new Map<string, string>();
  readonly #prefix: () => string;

  constructor(prefix: () => string) {
    this.#prefix = prefix;
  }

  /** A reference in place of a secret. What is left to fill in is told; the same value of one purpose is one secret. */
  secret(text: string, purpose: string): string {
    const isOpen = holdsPlaceholder(text) || /^\$\w|^<.*>$/.test(text);
    if (!isOpen && !isLiteralSecret(text)) return text;
    const name = this.#name(text, purpose);
    if (isOpen)
      this.notes.push(
        `The ${purpose} was a variable or a placeholder${isWholePlaceholder(text) ? ` (${revealed(text)})` : ''}: store the real one as "${name}".`,
      );
    else this.secrets[name] = text;
    return `\${secret:${name}}`;
  }

  #name(text: string, purpose: string): string {
    const base = `${this.#prefix()}-${purpose}`;
    for (let number = 1; ; number += 1) {
      const name = number === 1 ? base : `${base}-${number}`;
      const before = this.#taken.get(name);
      if (before !== undefined && before !== text) continue;
      this.#taken.set(name, text);
      return name;
    }
  }

  /** The token: a full one tells the authority of a cluster that exists, which no new cluster can be founded with. https://docs.k3s.io/cli/token */
  token(text: string): string {
    if (tokenCaHash(text) === undefined) return this.secret(text, 'token');
    this.notes.push(
      'The token began with K10 and the hash of the authority of a cluster that exists already; a new cluster cannot be founded with such a token. The part behind the last colon was stored, which works everywhere.',
    );
    return this.secret(tokenPassword(text), 'token');
  }

  /** A reference to the token that no text tells. */
  missing(): string {
    const name = this.#name('', 'token');
    this.notes.push(
      `No text tells the token that machines join with: store it as "${name}". A cluster that runs has it on its servers, in /var/lib/rancher/k3s/server/token; for a new one any secret does.`,
    );
    return `\${secret:${name}}`;
  }

  /** An option without secrets in it. */
  option(name: string, value: OptionValue): OptionValue {
    if (typeof value === 'boolean') return value;
    if (typeof value !== 'string') return value.map((item) => this.#text(name, item));
    return this.#text(name, value);
  }

  #text(name: string, text: string): string {
    if (name === 'vpn-auth')
      return text.replace(
        /(joinKey=)([^,]+)/,
        (_all, key: string, secret: string) => `${key}${this.secret(secret, 'vpn-join-key')}`,
      );
    if (name === 'token') return this.token(text);
    return optionFacts(name)?.secret === true ? this.secret(text, name) : this.address(text, name);
  }

  /** A text whose addresses have their passwords as references. */
  address(text: string, purpose: string): string {
    return text.replace(
      /([a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:)([^\s@/]+)(?=@)/gi,
      (_all, before: string, password: string) => `${before}${this.secret(password, `${slug(purpose)}-password`)}`,
    );
  }

  /** `registries.yaml` without passwords. */
  registries(data: unknown, path: readonly string[] = []): unknown {
    if (Array.isArray(data)) return data.map((item) => this.registries(item, path));
    if (typeof data === 'string') {
      const key = path.at(-1) ?? '';
      return path.includes('auth') && /^(?:password|auth|identity_token)$/.test(key)
        ? this.secret(data, `registry-${slug(path[1] ?? '')}-${slug(key)}`)
        : this.address(data, 'registry');
    }
    if (typeof data !== 'object' || data === null) return data;
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, this.registries(value, [...path, key])]),
    );
  }
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
