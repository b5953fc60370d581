import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MirrorFolder } from '../mirror-folder.js';

/**
 * Who could read a commit at the host: `anyone` without credentials, the `project` with those of its own repository, or only
 * those who were `granted` a token for it.
 */
export type SubmoduleReader = 'anyone' | 'project' | 'granted';

const FILE = 'nexos-submodules';
/** Older ones are forgotten, and their commits fetched again. */
const MAX_ORIGINS = 1_000;

/**
 * Remembers which repositories the commits of submodules in a mirror came from, and who could read them there. That a mirror
 * has a commit says nothing about who may have it: builds of forks use the same mirror. Requires its lock.
 */
export class SubmoduleOrigins {
  private lines: string[] | undefined;

  constructor(private readonly mirror: MirrorFolder) {}

  /** Returns whether a commit came from the repository `owner/name`, and one of these could read it there. */
  async has(repository: string, sha: string, readers: readonly SubmoduleReader[]): Promise<boolean> {
    const lines = await this.read();
    return readers.some((reader) => lines.includes(lineOf(repository, sha, reader)));
  }

  async add(repository: string, sha: string, reader: SubmoduleReader): Promise<void> {
    const line = lineOf(repository, sha, reader);
    const others = (await this.read()).filter((one) => one !== line);
    this.lines = [...others, line].slice(-MAX_ORIGINS);
    // Like what a killed git leaves, the next fetch removes a file of this name.
    const draft = join(this.mirror.path, `tmp_${FILE}`);
    await writeFile(draft, this.lines.join('\n'), { mode: 0o600 });
    await rename(draft, join(this.mirror.path, FILE));
  }

  private async read(): Promise<string[]> {
    this.lines ??= await linesIn(join(this.mirror.path, FILE));
    return this.lines;
  }
}

function lineOf(repository: string, sha: string, reader: SubmoduleReader): string {
  return `${reader} ${repository.toLowerCase()} ${sha}`;
}

async function linesIn(path: string): Promise<string[]> {
  try {
    return (await readFile(path, 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
