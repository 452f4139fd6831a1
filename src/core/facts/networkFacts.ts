import type { FactTopic } from './topic';

/** Interfaces, routes and name servers; absent where a host told nothing of them. */
export interface NetworkTopic {
  readonly network?: NetworkFacts;
}

export interface NetworkFacts {
  readonly links: readonly LinkAddress[];
  /** Names of all interfaces, with addresses or without. */
  readonly interfaces: readonly string[];
  readonly routes: readonly Route[];
  /** Name servers that pods get: those of systemd-resolved where it stands before them. */
  readonly nameServers: readonly string[];
}

/** An address that an interface has. */
export interface LinkAddress {
  readonly name: string;
  /** Without the length of the prefix. */
  readonly address: string;
  /** It was leased and may change. */
  readonly leased: boolean;
}

export interface Route {
  /** `10.0.0.0/24`, or an address; never `default`. */
  readonly to: string;
  readonly through: string;
}

/** https://docs.k3s.io/networking/networking-services: K3s reads the file of systemd-resolved where resolv.conf only names the host itself. */
export const networkFacts: FactTopic<NetworkTopic> = {
  name: 'network',
  script: `put links "$(ip -o addr show scope global 2>/dev/null | awk '{printf "%s,%s,%s ", $2, $4, ($0 ~ / dynamic /) ? "leased" : "fixed"}')"
put link_names "$(ls /sys/class/net 2>/dev/null | tr '\\n' ' ')"
put routes "$({ ip -o -4 route show; ip -o -6 route show; } 2>/dev/null | awk '$1 ~ /^[0-9a-f:.]+(\\/[0-9]+)?$/ {through = ""; for (i = 2; i < NF; i++) if ($i == "dev") through = $(i + 1); printf "%s,%s ", $1, through}')"
put name_servers "$(for file in /run/systemd/resolve/resolv.conf /etc/resolv.conf; do awk '$1 == "nameserver" {printf "%s ", $2}' "$file" 2>/dev/null; done)"
put network yes
`,
  read: (values) =>
    values.yes('network')
      ? {
          network: {
            links: values.words('links').flatMap(readLink),
            interfaces: values.words('link_names'),
            routes: values.words('routes').flatMap(readRoute),
            nameServers: [...new Set(values.words('name_servers'))],
          },
        }
      : {},
};

function readLink(word: string): readonly LinkAddress[] {
  const [, name = '', address = '', how] = /^([^,]+),([^,/]+)[^,]*,(leased|fixed)$/.exec(word) ?? [];
  return address === '' ? [] : [{ name, address, leased: how === 'leased' }];
}

function readRoute(word: string): readonly Route[] {
  const [to = '', through = ''] = word.split(',');
  return to === '' ? [] : [{ to, through }];
}
