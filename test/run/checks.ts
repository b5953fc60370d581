/** The types of unchanged files are not checked again. */
const TYPES_CACHE = 'node_modules/.cache/types.tsbuildinfo';

/** The checks, which run no code of Nexos. `program` is a file below node_modules. */
export const CHECKS: readonly { name: string; program: string; args: string[] }[] = [
  {
    name: 'types',
    program: 'typescript/bin/tsc',
    args: ['-p', 'test/tsconfig.json', '--incremental', '--tsBuildInfoFile', TYPES_CACHE],
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
