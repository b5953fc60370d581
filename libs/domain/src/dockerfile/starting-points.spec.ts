import { expect, it } from 'vitest';
import { startingPointOf } from './starting-points.js';

it.each<[string[], string]>([
  [
    ['package.json', 'package-lock.json', 'src/a.js'],
    'Found package.json, package-lock.json: .*#nodejs-with-npm has a Dockerfile for Node.js with npm',
  ],
  [['package.json', 'pnpm-lock.yaml'], '#nodejs-with-pnpm'],
  [['package.json', 'yarn.lock'], '#nodejs-with-yarn'],
  [['next.config.mjs', 'package.json', 'pnpm-lock.yaml'], '#nextjs'],
  [['package.json', 'vite.config.ts'], '#vite'],
  [['nest-cli.json', 'package.json'], '#nestjs'],
  [['Procfile', 'requirements.txt'], 'Found Procfile, requirements.txt: .*#python'],
  [['pyproject.toml'], '#python'],
  [['go.mod', 'main.go'], 'Found go.mod: .*#go'],
  [['Gemfile'], '#ruby'],
  [['composer.json'], '#php'],
  [['index.html'], '#static-files'],
  [['Procfile'], 'Found Procfile: docs/guides/dockerfiles.md has'],
  [
    ['README.md', 'apps/web/package.json', 'api/go.mod', 'node_modules/a/package.json'],
    'Found apps/web/package\\.json, api/go\\.mod: docs/guides/dockerfiles.md has .* set dockerfile and build_context',
  ],
  [['setup.py'], '#python'],
  [['My.App.csproj', 'bun.lock'], 'Found My\\.App\\.csproj, bun\\.lock: docs'],
  [['README.md', 'node_modules/a/package.json', 'a/b/c/go.mod'], 'Add the file, or correct the path'],
  [[], 'Add the file, or correct the path'],
  [['apps/web/Dockerfile', 'package.json'], 'It has apps/web/Dockerfile: set dockerfile'],
  [['Dockerfile.prod', 'Dockerfile.prod.dockerignore'], 'It has Dockerfile.prod: set'],
])('startingPointOf knows where to begin with %j', (paths, expected) => {
  expect(startingPointOf(paths, '')).toMatch(
    new RegExp(`^${expected.startsWith('#') ? '.*' : ''}${expected}`),
  );
});

it('startingPointOf names paths from the root, on one short line', () => {
  expect(startingPointOf(['go.mod'], 'services/api')).toContain('Found services/api/go.mod:');
  const hostile = startingPointOf([`${'x\u001b[31m\n'.repeat(1000)}/Dockerfile`], '');
  expect(hostile.length).toBeLessThan(300);
  expect(hostile).not.toMatch(/\p{Cc}/u);
});
