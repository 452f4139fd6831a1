import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const NODE = ['node:*'];
const HEAVY = ['ssh2', '@kubernetes/client-node'];
const VSCODE = ['vscode'];

/** One folder of the house and what it must not import; docs/architecture.md has the picture. */
const layer = (files, forbidden, message, ignores = []) => ({
  files,
  ignores,
  rules: {
    'no-restricted-imports': ['error', { patterns: [{ group: forbidden, message }] }],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.cache/', 'node_modules/', 'src/core/spec/generated/', 'test/host/node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: Object.fromEntries(['process', 'console', 'Buffer', 'URL', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance', 'fetch', 'AbortController', 'document', 'require', 'module', '__dirname', 'structuredClone'].map((name) => [name, 'readonly'])) },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './tsconfig.core.json', './tsconfig.webview.json', './tsconfig.integration.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  layer(['src/core/**/*.ts'], [...NODE, ...HEAVY, ...VSCODE, '**/engine/**', '**/adapters/**', '**/practice/**', '**/contract/**', '**/vscode/**'], 'src/core is pure: it imports nothing of ours outside core, no Node, no VS Code.'),
  layer(['src/engine/**/*.ts'], [...NODE, ...HEAVY, ...VSCODE, '**/adapters/**', '**/practice/**', '**/contract/**', '**/vscode/**'], 'src/engine imports core only; the world comes in through engine/ports.ts.'),
  layer(['src/adapters/**/*.ts'], [...VSCODE, '**/practice/**', '**/contract/**', '**/vscode/**'], 'src/adapters imports core and engine/ports only.'),
  layer(['src/practice/**/*.ts'], [...VSCODE, '@kubernetes/client-node', '**/adapters/*', '!**/adapters/files', '**/contract/**', '**/vscode/**'], 'src/practice imports core, engine/ports and adapters/files only.'),
  layer(['src/contract/**/*.ts'], [...NODE, ...HEAVY, ...VSCODE, '**/engine/**', '**/adapters/**', '**/practice/**', '**/vscode/**'], 'src/contract imports types of core only.'),
  layer(['webview/**/*.ts'], [...NODE, ...HEAVY, ...VSCODE, '**/src/engine/**', '**/src/adapters/**', '**/src/practice/**', '**/src/vscode/**', '**/src/core/**'], 'webview imports src/contract only.'),
  layer(['webview/**/*.ts'], ['@vscode/webview-ui-toolkit'], 'Only webview/controls knows the UI toolkit.', ['webview/controls/**']),
  layer(['src/vscode/**/*.ts'], [...HEAVY, '**/adapters/**', '**/practice/**'], 'Only src/vscode/compose.ts sees adapters.', ['src/vscode/compose.ts']),
  // A colored text is no string: in a template it would read "[object Object]".
  { files: ['src/cli.ts', 'src/cli/**/*.ts'], rules: { '@typescript-eslint/no-base-to-string': 'error' } },
  { files: ['src/cli.ts', 'src/cli/**/*.ts', 'test/**/*.ts', 'scripts/**', 'src/practice/main.ts'], rules: { 'no-console': 'off' } },
);
