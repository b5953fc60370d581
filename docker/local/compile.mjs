// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.mjs';
import { defaultHome, root as projectRoot } from './home.mjs';
import { isMain } from './is-main.mjs';
import { logToStderr, step } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { withLock } from './set-up-lock.mjs';
import { exitWith } from './setup-error.mjs';

const FOLDERS = ['apps', 'libs'];
const SETTINGS = ['tsconfig.build.json', 'nest-cli.json', 'package-lock.json'];
const NEST = 'node_modules/@nestjs/cli/bin/nest.js';

/**
 * Compiles all apps and libs into `dist/`, unless the sources are those that it was compiled from.
 *
 * @param {{ log?: (line: string) => void, root?: string, home?: string }} [options]
 * @returns {Promise<boolean>} whether there was anything to do
 */
export async function compile({ log = logToStderr, root = projectRoot, home = defaultHome } = {}) {
  return await withLock(home, 'compile', log, async () => {
    const dist = join(root, 'dist');
    const stamp = join(dist, '.nexos-stamp');
    const sources = sourcesOf(root);
    const hash = hashOf(root, sources);
    const last = readIfThere(stamp);
    if (last === hash) return false;
    // Without a stamp the last compilation did not end, and what it left is not to be built upon.
    if (last === undefined) rmSync(dist, { recursive: true, force: true });
    rmSync(stamp, { force: true });
    await step(log, 'Compiling', () =>
      runCommand(process.execPath, [join(root, NEST), 'build', 'api'], { name: 'nest', cwd: root, home }),
    );
    removeStale(dist, new Set(sources));
    writeAtomically(stamp, hash, 0o644);
    return true;
  });
}

/**
 * @param {string} root
 * @returns {string[]} sorted paths below the root
 */
function sourcesOf(root) {
  return FOLDERS.flatMap((folder) => filesBelow(join(root, folder)))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'))
    .map((path) => relative(root, path))
    .sort();
}

/**
 * @param {string} root
 * @param {string[]} sources
 */
function hashOf(root, sources) {
  const hash = createHash('sha256');
  for (const path of [...SETTINGS, ...sources]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0');
  }
  return hash.digest('hex');
}

/**
 * The incremental compiler leaves the output of deleted sources behind.
 *
 * @param {string} dist
 * @param {Set<string>} sources
 */
function removeStale(dist, sources) {
  for (const folder of FOLDERS) {
    for (const path of filesBelow(join(dist, folder))) {
      const source = relative(dist, path).replace(/(\.d)?\.(js|ts)(\.map)?$/, '.ts');
      if (!sources.has(source)) rmSync(path);
    }
  }
}

/**
 * @param {string} folder
 * @returns {string[]} absolute paths
 */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

if (isMain(import.meta.url)) compile().catch(exitWith);
