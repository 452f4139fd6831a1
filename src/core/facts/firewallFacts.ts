import type { AllowedTraffic } from '../k3s/traffic';
import type { FirewallTool } from '../remote/openFirewall';
import type { FactTopic, FactValues } from './topic';

/** What the firewall of a host lets in; absent where none is active, or nothing could be read. */
export interface FirewallTopic {
  readonly firewallRules?: FirewallFacts;
}

export interface FirewallFacts {
  /** What has to be told to change it; `filter`: rules of iptables or nftables that no tool of these stands for. */
  readonly tool: FirewallTool | 'filter';
  /** What it does with what no rule names. */
  readonly otherwise: 'accept' | 'drop';
  readonly allowed: readonly AllowedTraffic[];
  /** firewalld throws all rules away when it is read anew, those of kube-proxy and of the network of pods included. */
  readonly flushes: boolean;
}

/**
 * firewalld and ufw are asked in their own words, of which only what is sure to be a rule is read. Of the filters of the
 * kernel only what happens to what no rule names is told: their rules have no language of few words.
 */
export const firewallFacts: FactTopic<FirewallTopic> = {
  name: 'firewall',
  script: `if systemctl is-active --quiet firewalld 2>/dev/null && command -v firewall-cmd >/dev/null 2>&1; then
  put firewall_tool firewalld
  put "firewall_text zones" "$(timeout 20 firewall-cmd --list-all-zones 2>/dev/null | escaped)"
  put firewall_default "$(timeout 20 firewall-cmd --get-default-zone 2>/dev/null)"
  if ! grep -q '^FlushAllOnReload=no' /etc/firewalld/firewalld.conf 2>/dev/null; then put firewall_flushes yes; fi
elif command -v ufw >/dev/null 2>&1 && ufw status 2>/dev/null | grep -q '^Status: active'; then
  put firewall_tool ufw
  put "firewall_text ufw" "$(ufw status verbose 2>/dev/null | escaped)"
elif iptables -S INPUT 2>/dev/null | grep -Eq '^-P INPUT (DROP|REJECT)' || nft list chains 2>/dev/null | grep -q 'hook input .*policy drop'; then
  put firewall_tool filter
fi
`,
  read: (values) => {
    const tool = values.text('firewall_tool');
    const texts = values.texts('firewall_text');
    if (tool === 'firewalld') return { firewallRules: firewalld(texts.get('zones') ?? '', values) };
    if (tool === 'ufw') return { firewallRules: ufw(texts.get('ufw') ?? '') };
    return tool === 'filter'
      ? { firewallRules: { tool: 'filter', otherwise: 'drop', allowed: [], flushes: false } }
      : {};
  },
};

/** Services of firewalld that hold ports of K3s. https://github.com/firewalld/firewalld/tree/main/config/services */
const SERVICES: Readonly<Record<string, AllowedTraffic>> = {
  'kube-apiserver': { protocol: 'tcp', ports: [6443, 6443] },
  'kube-api': { protocol: 'tcp', ports: [6443, 6443] },
  'etcd-client': { protocol: 'tcp', ports: [2379, 2379] },
  'etcd-server': { protocol: 'tcp', ports: [2380, 2380] },
  'kubelet-worker': { protocol: 'tcp', ports: [10_250, 10_250] },
  kubelet: { protocol: 'tcp', ports: [10_250, 10_250] },
};

/** Of the zones that are active: what the zone of interfaces lets everybody do, and what zones of sources let those do. */
function firewalld(text: string, values: FactValues): FirewallFacts {
  const zones = text.split(/\n(?=\S)/).map(readZone);
  const byDefault = zones.find(({ name }) => name === values.text('firewall_default'));
  const open = zones.filter((zone) => zone.interfaces.length > 0);
  const general = open.length > 0 ? open : byDefault === undefined ? [] : [byDefault];
  // Interfaces of pods are often put into a zone that lets everything in.
  const closed = general.filter(({ target }) => target !== 'ACCEPT');
  return {
    tool: 'firewalld',
    otherwise: general.length > 0 && general.every(({ target }) => target === 'ACCEPT') ? 'accept' : 'drop',
    allowed: [
      // Where interfaces are in different zones, only what all of them let in is sure to come in.
      ...(closed[0]?.allowed ?? []).filter((one) =>
        closed.every(({ allowed }) => allowed.some((other) => JSON.stringify(other) === JSON.stringify(one))),
      ),
      ...zones.flatMap(({ sources, target, allowed }) =>
        sources.flatMap((from) =>
          target === 'ACCEPT' ? [{ protocol: 'any' as const, from }] : allowed.map((one) => ({ from, ...one })),
        ),
      ),
    ],
    flushes: values.yes('firewall_flushes'),
  };
}

function readZone(text: string): {
  readonly name: string;
  readonly target: string;
  readonly interfaces: readonly string[];
  readonly sources: readonly string[];
  readonly allowed: readonly AllowedTraffic[];
} {
  const words = (key: string): readonly string[] =>
    (new RegExp(`^ *${key}: *(.*)$`, 'm').exec(text)?.[1] ?? '').split(' ').filter((word) => word !== '');
  const rich = [
    ...text.matchAll(
      /rule family="ipv[46]" source address="([^"]+)" (?:port port="([\d-]+)" protocol="(tcp|udp)" )?accept/g,
    ),
  ];
  return {
    name: /^\S+/.exec(text)?.[0] ?? '',
    target: words('target')[0] ?? '',
    interfaces: words('interfaces'),
    sources: words('sources'),
    allowed: [
      ...words('ports').flatMap((word): readonly AllowedTraffic[] => {
        const [ports = '', protocol] = word.split('/');
        return protocol === 'tcp' || protocol === 'udp' ? [{ protocol, ports: portRange(ports, '-') }] : [];
      }),
      ...words('services').flatMap((name) => SERVICES[name] ?? []),
      ...rich.map(([, from = '', ports, protocol]): AllowedTraffic =>
        ports === undefined
          ? { protocol: 'any', from }
          : { protocol: protocol === 'udp' ? 'udp' : 'tcp', ports: portRange(ports, '-'), from },
      ),
    ],
  };
}

/** Lines such as `2379:2380/tcp ALLOW IN 10.0.0.12`, filled with blanks; rules that name interfaces or addresses of the host are left out. */
function ufw(text: string): FirewallFacts {
  const rule =
    /^(Anywhere|[\d,:]+(?:\/(?:tcp|udp))?)(?: \(v6\))? +ALLOW(?: IN)? +(Anywhere(?: \(v6\))?|[0-9a-f.:]+(?:\/\d+)?)(?: +#.*)? *$/gm;
  return {
    tool: 'ufw',
    otherwise: /^Default: allow \(incoming\)/m.test(text) ? 'accept' : 'drop',
    allowed: [...text.matchAll(rule)].flatMap(([, to = '', source = '']): readonly AllowedTraffic[] => {
      const from = source.startsWith('Anywhere') ? {} : { from: source };
      if (to === 'Anywhere') return [{ protocol: 'any', ...from }];
      const [ports = '', protocol] = to.split('/');
      return ports.split(',').map((one) => ({
        protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : ('any' as const),
        ports: portRange(one, ':'),
        ...from,
      }));
    }),
    flushes: false,
  };
}

function portRange(text: string, between: string): readonly [number, number] {
  const [first = '', last = first] = text.split(between);
  return [Number(first), Number(last)];
}
