// @ts-check

/**
 * What is checked without running anything. Programs are named by their file below node_modules.
 *
 * @type {{ name: string, program: string, args: string[] }[]}
 */
export const CHECKS = [
  { name: 'types', program: 'typescript/bin/tsc', args: ['-p', 'test/tsconfig.json'] },
  {
    name: 'lint',
    program: 'eslint/bin/eslint.js',
    args: ['-c', '.config/eslint.config.js', '--max-warnings', '0', '.'],
  },
  { name: 'format', program: 'prettier/bin/prettier.cjs', args: ['--check', '--log-level', 'warn', '.'] },
  {
    name: 'import rules',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: ['--config', '.config/dependency-cruiser.cjs', 'apps', 'libs', 'test', 'docker'],
  },
  {
    name: 'dead code',
    program: 'knip/bin/knip.js',
    args: ['-c', '.config/knip.json', '--tsConfig', 'test/tsconfig.json', '--no-config-hints'],
  },
];
