import { describe, expect, it } from 'vitest';
import { isPublicAddress, nearEachOther, privateRange } from '../../../src/core/k3s/addressSpace';
import { addressAt, parseCidr } from '../../../src/core/k3s/cidr';

describe('address ranges', () => {
  it.each([
    ['10.0.0.1', '10.0.0.0/8'],
    ['10.255.255.255', '10.0.0.0/8'],
    ['172.16.0.1', '172.16.0.0/12'],
    ['172.31.255.255', '172.16.0.0/12'],
    ['192.168.1.1', '192.168.0.0/16'],
    ['172.32.0.1', undefined],
    ['172.15.255.255', undefined],
    ['192.169.0.1', undefined],
    ['9.255.255.255', undefined],
    ['11.0.0.0', undefined],
    ['host', undefined],
    ['fd00::1', undefined],
    ['10.0.0.256', undefined],
  ])('%s is private in %s', (address, range) => expect(privateRange(address)).toBe(range));

  it.each(['8.8.8.8', '203.0.113.1', '172.32.0.1', '1.0.0.1', '223.255.255.255'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
  it.each([
    '10.0.0.1',
    '127.0.0.1',
    '169.254.1.1',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    'example.com',
    '2001:db8::1',
    '',
  ])('%j is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  it('are near when the first half agrees', () => {
    expect(nearEachOther('10.0.1.1', '10.0.200.7')).toBe(true);
    expect(nearEachOther('10.0.1.1', '10.1.1.1')).toBe(false);
    expect(nearEachOther('10.0.1.1', 'host')).toBe(false);
  });
});

describe('addressAt', () => {
  it.each([
    ['10.43.0.0/16', 10, '10.43.0.10'],
    ['10.43.0.0/16', -1, '10.43.255.255'],
    ['10.43.0.0/16', 0, '10.43.0.0'],
    ['10.96.0.0/12', 300, '10.96.1.44'],
    ['10.0.0.0/30', 4, undefined],
    ['fd00:43::/112', 10, undefined],
  ])('%s [%i] is %s', (network, index, address) => {
    const cidr = parseCidr(network);
    if (cidr === undefined) throw new Error(network);
    expect(addressAt(cidr, index)).toBe(address);
  });
});
