import { type DeploymentFailure, type RemoteFailureCode, diskFull, mentionsDiskFull } from '@nexos/domain';
import { GitExit } from './git-process.js';

/** The meaning of a failed git command that talked to a remote. */
export type RemoteVerdict =
  | { readonly kind: 'failure'; readonly code: RemoteFailureCode }
  /** The remote redirects to another address. */
  | { readonly kind: 'moved' }
  /** The local disk is full. */
  | { readonly kind: 'disk-full' }
  /** The remote serves only the tips of refs. */
  | { readonly kind: 'tips-only' }
  /** Not caused by the remote; probably the mirror is damaged. */
  | { readonly kind: 'unknown' };

const DAMAGED =
  /object file .* is empty|is corrupt|not a git repository|bad config|missing (?:blob|tree|commit)|bad object|shallow file/i;

/** The first match decides. Messages of git 2.30 to 2.50 under LC_ALL=C, and of libcurl. */
const VERDICTS: readonly (readonly [RegExp, RemoteVerdict])[] = [
  [DAMAGED, { kind: 'unknown' }],
  [/Server does not allow request for unadvertised object/, { kind: 'tips-only' }],
  [/not our ref|couldn't find remote ref/i, { kind: 'failure', code: 'commit_not_found' }],
  [/returned error: 30[1278]/, { kind: 'moved' }],
  [
    /Authentication failed|could not read (?:Username|Password)|returned error: 4(?:0[134]|10|51)|repository '.*' not found|access denied/i,
    { kind: 'failure', code: 'repository_access_denied' },
  ],
  [
    /unable to access|could not resolve|connect|timed out|returned error|RPC failed|hung up|early EOF|unexpected disconnect|protocol error|server response|expected flush|transfer closed|certificate|not valid: (?:is this|could)|bad line length/i,
    { kind: 'failure', code: 'repository_unreachable' },
  ],
];

/** Classifies git's own error messages. Ignores lines of the remote (`remote: …`), which can contain anything. */
export function verdictOn(exit: GitExit): RemoteVerdict {
  const ownLines = exit.stderr.split('\n').filter((line) => !line.startsWith('remote:'));
  const isLocal = (line: string): boolean => !line.startsWith('fatal: remote error:');
  if (ownLines.some((line) => isLocal(line) && mentionsDiskFull(line))) return { kind: 'disk-full' };
  const text = ownLines.join('\n');
  return VERDICTS.find(([pattern]) => pattern.test(text))?.[1] ?? { kind: 'unknown' };
}

/** Returns the failure for a full local disk, as reported by git or the system; null for any other error. */
export function fullDisk(error: unknown): DeploymentFailure | null {
  const isFull =
    error instanceof GitExit
      ? verdictOn(error).kind === 'disk-full'
      : mentionsDiskFull(String((error as NodeJS.ErrnoException).code));
  return isFull ? diskFull(error) : null;
}
