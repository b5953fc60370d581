// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folders of installed packages and of all that they depend on.
 *
 * @param {readonly string[]} names
 * @param {string} root the folder that has them in its `node_modules`
 * @returns {string[]}
 */
export function packageFolders(names, root) {
  /** @type {Set<string>} */
  const folders = new Set();
  const take = (/** @type {string} */ name, /** @type {string} */ from) => {
    const folder = folderOf(name, from);
    if (folders.has(folder)) return;
    folders.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const dependency of Object.keys(dependencies)) take(dependency, folder);
  };
  for (const name of names) take(name, root);
  return [...folders];
}

/**
 * @param {string} name
 * @param {string} from
 */
function folderOf(name, from) {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (at === dirname(at)) throw new Error(`${name} is not installed`);
  }
}
