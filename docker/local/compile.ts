import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defaultHome, readIfExists, root as projectRoot, writeAtomically } from './home.js';
import { withLock } from './lock.mjs';
import { logToStderr, step, type Log } from './progress.mjs';
import { runCommand } from './run-command.mjs';

const FOLDERS = ['apps', 'libs'];
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
  return FOLDERS.flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => relative(root, path))
    .sort();
}

function hashOf(root: string, sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of [...SETTINGS, ...sources])
    hash.update(`${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

/** Removes the output of deleted sources, which the incremental compiler leaves behind. */
function removeStale(dist: string, sources: ReadonlySet<string>): void {
  for (const path of FOLDERS.flatMap((folder) => filesBelow(join(dist, folder)))) {
    const source = relative(dist, path).replace(/(\.d)?\.(js|ts)(\.map)?$/, '.ts');
    if (!sources.has(source)) rmSync(path);
  }
}

/** Returns absolute paths. */
function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
