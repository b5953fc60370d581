import tseslint from 'typescript-eslint';
import { statusWriters } from './.config/status-writers.js';

const root = new URL('.', import.meta.url).pathname;

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.nexos/**', 'test/fixtures/**', 'libs/*/src/*.generated.ts'] },
  {
    files: [
      'apps/**/*.ts',
      'libs/**/*.ts',
      'docs/**/*.ts',
      'test/**/*.ts',
      'docker/**/*.ts',
      'vitest.config.ts',
    ],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ['./test/tsconfig.json'], tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Nest takes option literals where its types name classes.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // An environment variable that is empty counts as unset.
      '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-lines': ['error', { max: 300, skipBlankLines: false }],
      'no-console': 'error',
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['libs/config/**', '**/*.spec.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read configuration through @nexos/config.' },
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: [
      'libs/state/src/**/transitions.ts',
      'libs/state/src/**/transitions/**',
      'libs/database/src/migrations/**',
      '**/*.spec.ts',
    ],
    plugins: { nexos: statusWriters },
    rules: { 'nexos/no-status-writes': 'error' },
  },
  {
    files: ['apps/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(MemberExpression, ObjectPattern > Property)[property.name="manager"], ObjectPattern > Property[key.name="manager"]',
          message: 'Rows are read and written by the repositories of @nexos/state.',
        },
      ],
    },
  },
  { files: ['test/**/*.ts'], rules: { 'no-console': 'off' } },
);
