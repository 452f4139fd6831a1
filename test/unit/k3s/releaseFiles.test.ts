import { describe, expect, it } from 'vitest';
import { architectureOf, downloadUrl, isImageArchive, readChecksums } from '../../../src/core/k3s/releaseFiles';

const SUM = 'ab'.repeat(32);

describe('the files of a release', () => {
  it.each([
    ['x86_64', 'amd64'],
    ['aarch64', 'arm64'],
    ['armv7l', 'arm'],
    ['s390x', 's390x'],
    ['riscv64', undefined],
  ])('for %s are those of %s', (machine, architecture) => {
    expect(architectureOf(machine)).toBe(architecture);
  });

  it('are found by the sums that sha256sum writes, also with line ends of Windows and in capitals', () => {
    const text = `${SUM}  k3s\r\n${SUM.toUpperCase()} *k3s-images.txt\nno sum  k3s-arm64\n`;
    expect([...readChecksums(text)]).toEqual([
      ['k3s', SUM],
      ['k3s-images.txt', SUM],
    ]);
  });

  it('are found by their names in whatever folder the sums were made, behind the mark of an editor, too', () => {
    const text = `\uFEFF${SUM}  ./k3s\n${SUM}  dist/artifacts/k3s-airgap-images-amd64.tar.zst\n`;
    expect([...readChecksums(text).keys()]).toEqual(['k3s', 'k3s-airgap-images-amd64.tar.zst']);
  });

  it('are downloaded with the plus of the version escaped', () => {
    expect(downloadUrl('v1.36.3+k3s1', 'k3s')).toBe(
      'https://github.com/k3s-io/k3s/releases/download/v1.36.3%2Bk3s1/k3s',
    );
  });

  it.each(['a.tar', 'a.tar.zst', 'a.tgz', 'a.tar.lz4'])('count %s as an archive that K3s imports', (name) => {
    expect(isImageArchive(name)).toBe(true);
  });

  it.each(['k3s', 'a.zip', 'a.tar.txt', 'k3s-images.txt'])('do not count %s as one', (name) => {
    expect(isImageArchive(name)).toBe(false);
  });
});
