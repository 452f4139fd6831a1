import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/lib/longestFirst.mjs';

const project = (name, include, testTimeout) => ({
  test: {
    name,
    include,
    testTimeout,
    hookTimeout: testTimeout,
    isolate: false,
    environment: 'node',
    expect: { poll: { timeout: Math.min(15_000, testTimeout) } },
  },
});

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/golden/**/*.test.ts'], 20_000),
      project('adapters', ['test/adapters/**/*.test.ts', 'test/practice/**/*.test.ts'], 60_000),
      project('hostile', ['test/hostile/**/*.test.ts'], 60_000),
      project('webview', ['test/webview/**/*.test.ts'], 60_000),
      project('e2e', ['test/e2e/**/*.test.ts'], 300_000),
      project('fleet', ['test/fleet/**/*.test.ts'], 600_000),
    ],
  },
});
