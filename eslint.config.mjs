import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'out/', '.cache/', 'node_modules/', 'src/core/cluster/generated/', 'test/host/node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'Buffer',
          'URL',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'performance',
          'fetch',
          'AbortController',
          'document',
          'require',
          'module',
          '__dirname',
          'structuredClone',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.core.json', './tsconfig.webview.json', './tsconfig.integration.json'],
        tsconfigRootDir: import.meta.dirname,
      },
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
  // What an option is has one home: who reads the map asks neither arguments nor variables of the install script, nor for K3s's spellings.
  {
    files: ['src/**/*.ts', 'webview/**/*.ts'],
    ignores: ['src/core/cluster/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "MemberExpression[computed=true][object.property.name='config']",
          message:
            'Options of a node are read in src/core/cluster: ask options.ts for the effective value, written.ts for the written one.',
        },
      ],
    },
  },
  // A colored text is no string: in a template it would read "[object Object]".
  { files: ['src/cli.ts', 'src/cli/**/*.ts'], rules: { '@typescript-eslint/no-base-to-string': 'error' } },
  {
    files: ['src/cli.ts', 'src/cli/**/*.ts', 'test/**/*.ts', 'scripts/**', 'src/practice/main.ts'],
    rules: { 'no-console': 'off' },
  },
);
