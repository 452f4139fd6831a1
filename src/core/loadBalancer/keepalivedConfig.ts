import { DOWN_FILE, HAPROXY_SOCKET, HEADER } from './paths';

/** One machine among those that pass the address among themselves. */
export interface KeepalivedInput {
  readonly proxy: 'haproxy' | 'nginx';
  /** How the machine calls itself. */
  readonly name: string;
  readonly interface: string;
  readonly routerId: number;
  /** Place in the file, from 0: the first of those that are well gets the address. */
  readonly place: number;
  /** The machine's own address on that network, and those of the others. */
  readonly own: string;
  readonly peers: readonly string[];
  /** The address that moves. */
  readonly address: string;
  readonly password?: string;
}

/** keepalived takes no more characters, and none that would end the word. */
export function isVrrpPassword(text: string): boolean {
  return /^[A-Za-z0-9._~+=@%:-]{1,8}$/.test(text);
}

/** The last number of an IPv4 address, which two clusters of one network do not share. */
export function defaultRouterId(address: string): number {
  const last = Number(/^\d+\.\d+\.\d+\.(\d+)$/.exec(address)?.[1]);
  return last >= 1 && last <= 255 ? last : 51;
}

/**
 * keepalived.conf: VRRP to named peers, so that no switch has to pass multicast. The address leaves a machine whose proxy
 * is stopped at once (its unit writes the file that is tracked), or whose proxy does not answer; it stays where it is when
 * a machine comes back. High priorities make the next machine wait for no longer than it must.
 * Version 3 of VRRP tells of itself twice a second and knows no password; version 2 does once a second.
 * https://www.keepalived.org/manpage.html
 */
export function keepalivedConfig(input: KeepalivedInput): string {
  const { proxy, name, routerId, place, own, peers, address, password } = input;
  const authentication =
    password === undefined ? [] : ['  authentication {', '    auth_type PASS', `    auth_pass ${password}`, '  }'];
  return `${[
    HEADER,
    'global_defs {',
    `  router_id ${name}`,
    '  enable_script_security',
    '  script_user root',
    `  vrrp_version ${password === undefined ? 3 : 2}`,
    '}',
    '',
    'vrrp_script answers {',
    `  script "${QUESTIONS[proxy]}"`,
    '  interval 1',
    '  timeout 2',
    '  fall 1',
    '  rise 1',
    '}',
    '',
    'vrrp_track_file stopped {',
    `  file "${DOWN_FILE}"`,
    '  weight 0',
    '}',
    '',
    'vrrp_instance k3s {',
    '  state BACKUP',
    '  nopreempt',
    `  interface ${input.interface}`,
    `  virtual_router_id ${routerId}`,
    `  priority ${Math.max(1, 254 - place)}`,
    `  advert_int ${password === undefined ? '0.5' : '1'}`,
    ...authentication,
    `  unicast_src_ip ${own}`,
    '  unicast_peer {',
    ...peers.map((peer) => `    ${peer}`),
    '  }',
    '  virtual_ipaddress {',
    `    ${address}/${address.includes(':') ? 128 : 32}`,
    '  }',
    '  track_script {',
    '    answers',
    '  }',
    '  track_file {',
    '    stopped',
    '  }',
    '}',
    '',
  ].join('\n')}`;
}

/** Ask the proxy itself: a process that is there but hangs answers nothing. */
const QUESTIONS = {
  haproxy: `/bin/sh -c 'echo show info | socat -T 1 - UNIX-CONNECT:${HAPROXY_SOCKET} | grep -q ^Pid:'`,
  nginx: "/bin/sh -c 'kill -0 $(cat /run/nginx.pid)'",
} as const;
