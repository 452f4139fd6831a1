import { ipv4Number } from './cidr';

type Block = readonly [text: string, first: number, size: number];

const block = (text: string): Block => {
  const [base = '', prefix = ''] = text.split('/');
  return [text, ipv4Number(base) ?? 0, 2 ** (32 - Number(prefix))];
};

/** RFC 1918: https://www.rfc-editor.org/rfc/rfc1918 */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(block);
/** Neither reachable from everywhere nor one private network: loopback, link-local, carrier-grade NAT, multicast and above. */
const SPECIAL = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '100.64.0.0/10', '224.0.0.0/3'].map(block);

/** The private range that an IPv4 address lies in; undefined for names and all other addresses. */
export function privateRange(address: string): string | undefined {
  const number = ipv4Number(address);
  return number === undefined ? undefined : PRIVATE.find((range) => holds(range, number))?.[0];
}

/** Whether an IPv4 address can be reached from the internet. */
export function isPublicAddress(address: string): boolean {
  const number = ipv4Number(address);
  return (
    number !== undefined &&
    !PRIVATE.some((range) => holds(range, number)) &&
    !SPECIAL.some((range) => holds(range, number))
  );
}

/** Whether two IPv4 addresses agree in their first 16 bits; false for names. */
export function nearEachOther(a: string, b: string): boolean {
  const [one, other] = [ipv4Number(a), ipv4Number(b)];
  return one !== undefined && other !== undefined && Math.floor(one / 65_536) === Math.floor(other / 65_536);
}

function holds([, first, size]: Block, number: number): boolean {
  return number >= first && number < first + size;
}
