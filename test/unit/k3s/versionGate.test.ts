import { describe, expect, it } from 'vitest';
import { hasReached } from '../../../src/core/k3s/versionGate';

describe('what came with a release of several lines', () => {
  const first = ['v1.28.13+k3s1', 'v1.29.8+k3s1', 'v1.31.0+k3s2'];

  it.each([
    ['v1.18.6+k3s1', false],
    ['v1.28.12+k3s9', false],
    ['v1.28.13+k3s1', true],
    ['v1.29.7+k3s1', false],
    ['v1.29.10+k3s1', true],
    ['v1.30.0+k3s1', true],
    ['v1.31.0-rc1+k3s2', false],
    ['v1.31.0+k3s1', false],
    ['v1.36.3+k3s1', true],
  ])('%s has it: %s', (version, expected) => {
    expect(hasReached(version, first)).toBe(expected);
  });

  it.each([undefined, '', 'stable', '${env:VERSION}'])('%j counts as today', (version) => {
    expect(hasReached(version, first)).toBe(true);
  });
});
