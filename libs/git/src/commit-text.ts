import { readObjects } from './git-objects.js';
import { COMMIT_LIMIT } from './commit-time.js';
import type { MirrorFolder } from './mirror-folder.js';

/** The header lines of a commit object end at the first empty line. */
const AUTHOR = /^(?:[^\n]+\n)*?author ([^\n]*?) ?<[^\n]*\n/;

/** What a person wrote into a commit. NUL is removed, which Postgres cannot store. */
export interface CommitText {
  readonly message: string;
  readonly author: string;
}

/** Reads the message and the author's name of a fetched commit; null when the mirror does not have it, or it is too large. */
export async function readCommitText(
  mirror: MirrorFolder,
  sha: string,
  signal: AbortSignal,
): Promise<CommitText | null> {
  const [found] = await readObjects(mirror, [{ name: sha, limitBytes: COMMIT_LIMIT }], signal);
  const text = found?.content?.toString().replaceAll('\0', '');
  if (text === undefined) return null;
  const end = text.indexOf('\n\n');
  return {
    message: end === -1 ? '' : text.slice(end + 2).trimEnd(),
    author: AUTHOR.exec(text)?.[1] ?? '',
  };
}
