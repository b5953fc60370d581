import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import dockerignore from '@balena/dockerignore';
import tar from 'tar-stream';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
export const DOCKERFILE = 'docker/Dockerfile';

/** Returns the files that `docker build` would send: those that .dockerignore does not exclude, and the Dockerfile. */
export function filesOfContext(): string[] {
  const patterns = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
  const matcher = dockerignore.default({ ignorecase: false }).add(patterns);
  // Everything is excluded but what these name, so only their folders are searched.
  const included = new Set(Array.from(patterns.matchAll(/^!([^/\n]+)/gm), ([, name]) => name));
  const files = readdirSync(ROOT)
    .filter((name) => included.has(name))
    .flatMap((name) => filesAt(name))
    .filter((path) => !matcher.ignores(path));
  return [...files, DOCKERFILE].sort();
}

export function tarOfContext(): Readable {
  const pack = tar.pack();
  for (const name of filesOfContext()) pack.entry({ name, mode: 0o644 }, readFileSync(join(ROOT, name)));
  pack.finalize();
  return Readable.from(pack);
}

function filesAt(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [path];
  return readdirSync(join(ROOT, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
}
