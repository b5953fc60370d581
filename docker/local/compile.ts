import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultHome, readIfExists, root as projectRoot, writeAtomically } from './home.js';
import { withLock } from './lock.mjs';
import { logToStderr, step, type Log } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

const INPUTS = ['tsconfig.build.json', 'package-lock.json', 'docker/local/bundle.mjs'];

export interface CompileOptions {
  readonly log?: Log;
  readonly root?: string;
  readonly home?: string;
}

/**
 * Bundles the apps into `dist`, unless the sources are unchanged.
 *
 * @returns whether it compiled
 */
export async function compile(options: CompileOptions = {}): Promise<boolean> {
  const { log = logToStderr, root = projectRoot, home = defaultHome } = options;
  const dist = join(root, 'dist');
  const stamp = join(dist, '.nexos-stamp');
  return await withLock(join(home, 'compile.lock'), { log }, async () => {
    const sources = sourcesOf(root);
    const hash = hashOf(root, sources);
    if (readIfExists(stamp) === hash) return false;
    rmSync(stamp, { force: true });
    await step(log, 'Compiling', () => compileNow(root));
    writeAtomically(stamp, hash, 0o644);
    return true;
  });
}

async function compileNow(root: string): Promise<void> {
  // Loads esbuild only when there is something to compile.
  const { bundle } = await import('./bundle.mjs');
  try {
    await bundle(root);
  } catch (error) {
    throw new SetupError(messageOf(error));
  }
}

function hashOf(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of [...INPUTS, ...sources]) hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Returns the sorted paths of the sources, relative to the root. */
function sourcesOf(root: string): string[] {
  return ['apps', 'libs']
    .flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
    )
    .filter((path) => /(\.ts|\/package\.json)$/.test(path) && !path.endsWith('.spec.ts'))
    .sort();
}
