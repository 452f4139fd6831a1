import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { certificateFields, serialText } from '../../../src/core/k3s/certificateFields';
import { certificateAge, endWords } from '../../../src/core/k3s/certificates';
import { certificateBytes } from '../../../src/practice/k3s/certificateText';
import { createClusterCertificates, issueAdmin } from '../../../src/practice/k3s/certificates';

const base64 = (pem: string): string => pem.replaceAll(/-----[^-]*-----|\s/g, '');

describe('serial number and end of a certificate', () => {
  it('are read out of the bytes of a real one, after 2050, too', async () => {
    const now = Date.UTC(2026, 10, 27, 12);
    const { clientCa } = await createClusterCertificates(now);
    const fieldsOf = (pem: string): unknown => certificateFields(base64(pem));
    const serialOf = (pem: string): string => serialText(new X509Certificate(pem).serialNumber);
    expect(fieldsOf(clientCa.certificate)).toEqual({
      serial: serialOf(clientCa.certificate),
      ends: now + 3650 * 86_400_000,
    });
    for (const ends of [Date.UTC(2027, 10, 27, 12, 30, 5), Date.UTC(2126, 0, 2, 3, 4, 5)]) {
      const { certificate } = await issueAdmin(clientCa, now, ends);
      expect(fieldsOf(certificate)).toEqual({ serial: serialOf(certificate), ends });
    }
  });

  it('are unknown of anything else, and of what was cut off', () => {
    const whole = certificateBytes(Date.UTC(2027, 0, 1), '00a7').toString('base64');
    expect(certificateFields(whole)).toEqual({ serial: 'a7', ends: Date.UTC(2027, 0, 1) });
    expect(
      ['', 'not base64 !', 'AAAA', Buffer.from('a text').toString('base64'), whole.slice(0, -8)].map(certificateFields),
    ).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('its end is told in days when it is near, and as what it is when it is past', () => {
    const now = Date.UTC(2026, 10, 27);
    const inDays = (days: number): number => now + days * 86_400_000;
    expect([91, 90, 1, 0, -3].map((days) => [certificateAge(inDays(days), now), endWords(inDays(days), now)])).toEqual([
      ['fine', 'until 2027-02-26'],
      ['ends soon', 'until 2027-02-25, in 90 days'],
      ['ends soon', 'until 2026-11-28, in 1 day'],
      ['ended', 'since 2026-11-27'],
      ['ended', 'since 2026-11-24'],
    ]);
  });
});
