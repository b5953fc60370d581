import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { defaultHome, readIfExists, root as projectRoot, writeAtomically } from './home.js';
import { withLock } from './lock.mjs';
import { logToStderr, step, type Log } from './progress.mjs';
import { runCommand } from './run-command.mjs';

const SETTINGS = ['tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];

export interface CompileOptions {
  readonly log?: Log;
  readonly root?: string;
  readonly home?: string;
}

/** Compiles all apps and libraries into `dist/`, unless that was compiled from the present sources. */
export async function compile(options: CompileOptions = {}): Promise<boolean> {
  const { log = logToStderr, root = projectRoot, home = defaultHome } = options;
  const dist = join(root, 'dist');
  const stamp = join(dist, '.nexos-stamp');
  return await withLock(join(home, 'compile.lock'), { log }, async (lock) => {
    const sources = sourcesOf(root);
    const hash = hashOf(root, sources);
    const last = readIfExists(stamp);
    if (last === hash) return false;
    // Without a stamp the last compilation did not end, and the next one must not build upon its output.
    if (last === undefined) rmSync(dist, { recursive: true, force: true });
    rmSync(stamp, { force: true });
    const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
    await step(log, 'Compiling', () =>
      runCommand(process.execPath, [nest, 'build', 'api'], { cwd: root, lock }),
    );
    removeStale(dist, new Set(sources));
    writeAtomically(stamp, hash, 0o644);
    return true;
  });
}

/** Returns the sorted paths below the root. */
function sourcesOf(root: string): string[] {
  return filesIn(root).filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));
}

function hashOf(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of [...SETTINGS, ...sources])
    hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Removes the output of deleted sources, which the incremental compiler leaves behind. */
function removeStale(dist: string, sources: ReadonlySet<string>): void {
  for (const path of filesIn(dist)) {
    if (!sources.has(path.replace(/(\.d)?\.(js|ts)(\.map)?$/, '.ts'))) rmSync(join(dist, path));
  }
}

/** Returns the sorted paths of the files in the apps and libraries below a folder. */
function filesIn(folder: string): string[] {
  return ['apps', 'libs']
    .filter((name) => existsSync(join(folder, name)))
    .flatMap((name) =>
      readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
    )
    .filter((path) => /\.(js|ts|map)$/.test(path))
    .sort();
}
