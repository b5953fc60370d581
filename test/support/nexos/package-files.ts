import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageFolders } from '../machine.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CODE = /\.(js|cjs|mjs|json)$/;
/** Folders that `require` ignores in packages with several formats. */
const OTHER_FORMATS = ['node_modules', 'dist-es', 'dist-types'];

/**
 * Returns the code of installed packages and their dependencies as files of a repository, so that an app's image gets
 * them without a registry.
 */
export function packageFiles(names: readonly string[]): Record<string, string> {
  const folders = packageFolders(names, ROOT);
  const paths = folders.flatMap(codeIn);
  return Object.fromEntries(paths.map((path) => [relative(ROOT, path), readFileSync(path, 'utf8')]));
}

function codeIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return OTHER_FORMATS.includes(entry.name) ? [] : codeIn(path);
    return CODE.test(entry.name) ? [path] : [];
  });
}
