// Size, determinism and hygiene. A message says what to do instead; a comment beside a rule says why.
import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

const replay = (instead) => `${instead} Anything else breaks replay from a seed.`;

const deterministic = {
  'no-restricted-globals': [
    'error',
    { name: 'Date', message: replay('Use kernel.clock.') },
    { name: 'WeakRef', message: replay('Count references.') },
    { name: 'FinalizationRegistry', message: replay('Count references.') },
    { name: 'setTimeout', message: replay('Use kernel.scheduler.') },
    { name: 'setInterval', message: replay('Use kernel.scheduler.') },
    { name: 'queueMicrotask', message: replay('Use kernel.scheduler.') },
    { name: 'performance', message: replay('Use kernel.clock.') },
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: replay('Use kernel/prng.') },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'CallExpression[callee.property.name=/^toLocale/]',
      message: replay('Use an ordinal comparison or format by hand.'),
    },
    {
      selector: 'NewExpression[callee.name="Promise"]',
      message: replay('Only the scheduler and driver/ make promises; await what they hand out.'),
    },
    {
      selector: 'MemberExpression[object.name="Promise"]',
      message: replay('Only the scheduler and driver/ make promises; await what they hand out.'),
    },
  ],
};

export default ts.config(
  { ignores: ['node_modules/**', 'out/**', 'dist/**', '**/*.generated.ts', 'coverage/**'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs['flat/recommended'],
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser } },
  },
  {
    files: ['renderer/**/*.{svelte,svelte.ts}'],
    rules: {
      // State here is replaced, never changed in place ($state.raw); what is mutable is no state.
      'svelte/prefer-svelte-reactivity': 'off',
    },
  },
  prettier,
  {
    files: ['**/*.{ts,mjs,cjs,js,svelte}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', Buffer: 'readonly', URL: 'readonly' },
    },
    rules: {
      // TypeScript knows which names exist on which floor (one tsconfig each).
      'no-undef': 'off',
      'max-lines': ['error', { max: 500, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 70, skipBlankLines: true, skipComments: true }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      eqeqeq: 'error',
    },
  },
  { files: ['**/*.test.ts'], rules: { 'max-lines-per-function': 'off' } },
  {
    files: ['simulator/**/*.ts', 'contract/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: deterministic,
  },
  {
    // The two rooms that may make promises: threads are promises that the scheduler resolves, and
    // WebAssembly stacks suspend on them.
    files: ['simulator/kernel/scheduler.ts', 'simulator/driver/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-syntax': ['error', deterministic['no-restricted-syntax'][1]],
    },
  },
);
