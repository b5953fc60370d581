/** What has not changed since the last time is not looked at again, where that is sure to come to the same. */
const TYPES_SEEN = 'node_modules/.cache/types.tsbuildinfo';

/** What is checked without running anything. Programs are named by their file below node_modules. */
export const CHECKS: readonly { name: string; program: string; args: string[] }[] = [
  {
    name: 'types',
    program: 'typescript/bin/tsc',
    args: ['-p', 'test/tsconfig.json', '--incremental', '--tsBuildInfoFile', TYPES_SEEN],
  },
  { name: 'lint', program: 'eslint/bin/eslint.js', args: ['--max-warnings', '0', '.'] },
  {
    name: 'format',
    program: 'prettier/bin/prettier.cjs',
    args: ['--check', '--cache', '--cache-strategy', 'content', '--log-level', 'warn', '.'],
  },
  {
    name: 'import rules',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.config/dependency-cruiser.cjs', 'apps', 'libs', 'test', 'docker', 'docs'],
  },
  {
    name: 'dead code',
    program: 'knip/bin/knip.js',
    args: ['-c', '.config/knip.json', '--tsConfig', 'test/tsconfig.json', '--no-config-hints'],
  },
  {
    // Dead links, and pages of docs/reference that are stale.
    name: 'documents',
    program: 'vitest/vitest.mjs',
    args: ['run', '--project=docs'],
  },
];
