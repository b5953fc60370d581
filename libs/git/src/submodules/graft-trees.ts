import type { MirrorFolder } from '../mirror-folder.js';

/** Enough for a folder of a hundred thousand files. */
const FOLDER_LIMIT = 16 * 1024 * 1024;
const ENTRY = /^(\d{6}) \w+ [0-9a-f]+\t([^]+)$/;

/**
 * Writes a copy of a tree, in which other trees take the place of submodules. Only the folders above them are written again, and
 * no file is checked out, so that nothing depends on what names are allowed in a working tree.
 *
 * @param grafts ids of trees by path; each byte of a path is one character
 * @returns the id of the new tree
 */
export async function graftTrees(
  mirror: MirrorFolder,
  tree: string,
  grafts: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<string> {
  const own = new Map<string, string>();
  const below = new Map<string, Map<string, string>>();
  for (const [path, graft] of grafts) {
    const slash = path.indexOf('/');
    if (slash < 0) {
      own.set(path, graft);
      continue;
    }
    const folder = path.slice(0, slash);
    below.set(folder, (below.get(folder) ?? new Map<string, string>()).set(path.slice(slash + 1), graft));
  }
  const listed = await mirror.git(['ls-tree', '-z', '--full-tree', tree], {
    limitBytes: FOLDER_LIMIT,
    signal,
  });
  const lines: string[] = [];
  for (const line of listed.toString('latin1').split('\0')) {
    const [, mode = '', name = ''] = ENTRY.exec(line) ?? [];
    const graft = mode === '160000' ? own.get(name) : undefined;
    const inside = mode === '040000' ? below.get(name) : undefined;
    if (graft !== undefined) lines.push(entry(graft, name));
    else if (inside !== undefined)
      lines.push(entry(await graftTrees(mirror, idOf(line), inside, signal), name));
    else lines.push(line);
  }
  const input = Buffer.from(lines.join('\0'), 'latin1');
  return (await mirror.git(['mktree', '-z', '--missing'], { input, signal })).toString().trim();
}

function entry(tree: string, name: string): string {
  return `040000 tree ${tree}\t${name}`;
}

/** Returns the id in a line of `git ls-tree`. */
function idOf(line: string): string {
  return line.slice(0, line.indexOf('\t')).split(' ')[2] ?? '';
}
