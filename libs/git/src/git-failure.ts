import { type DeploymentFailure, type RemoteFailureCode, diskFull, saysDiskFull } from '@nexos/domain';
import { GitExit } from './git-process.js';

/** What the end of a git process that talked to a remote means. */
export type RemoteVerdict =
  | { readonly kind: 'failure'; readonly code: RemoteFailureCode }
  /** The remote has moved, and says where to. */
  | { readonly kind: 'moved' }
  /** The disk of this machine is full. */
  | { readonly kind: 'disk-full' }
  /** The remote hands out the tips of refs only. */
  | { readonly kind: 'tips-only' }
  /** Nothing that a remote does: the mirror itself is to be suspected. */
  | { readonly kind: 'unknown' };

const DAMAGED =
  /object file .* is empty|is corrupt|not a git repository|bad config|missing (?:blob|tree|commit)|bad object|shallow file/i;

/** The first that matches decides. Texts of git 2.30 to 2.50 under LC_ALL=C, and of libcurl. */
const VERDICTS: readonly (readonly [RegExp, RemoteVerdict])[] = [
  [DAMAGED, { kind: 'unknown' }],
  [/Server does not allow request for unadvertised object/, { kind: 'tips-only' }],
  [/not our ref|couldn't find remote ref/i, { kind: 'failure', code: 'commit_not_found' }],
  [/returned error: 30[1278]/, { kind: 'moved' }],
  [
    /Authentication failed|could not read (?:Username|Password)|returned error: 40[134]|repository '.*' not found|access denied/i,
    { kind: 'failure', code: 'repository_access_denied' },
  ],
  [
    /unable to access|could not resolve|connect|timed out|returned error|RPC failed|hung up|early EOF|unexpected disconnect|protocol error|server response|expected flush|transfer closed|certificate|not valid: (?:is this|could)|bad line length/i,
    { kind: 'failure', code: 'repository_unreachable' },
  ],
];

/** Reads git's own complaints. Lines that the remote wrote (`remote: …`) decide nothing: they are anybody's text. */
export function verdictOn(exit: GitExit): RemoteVerdict {
  const own = exit.stderr.split('\n').filter((line) => !line.startsWith('remote:'));
  const isLocal = (line: string): boolean => !line.startsWith('fatal: remote error:');
  if (own.some((line) => isLocal(line) && saysDiskFull(line))) return { kind: 'disk-full' };
  const text = own.join('\n');
  return VERDICTS.find(([pattern]) => pattern.test(text))?.[1] ?? { kind: 'unknown' };
}

/** The failure to tell when the disk of this machine is full, by git's words or the system's; else null. */
export function fullDisk(error: unknown): DeploymentFailure | null {
  const isFull =
    error instanceof GitExit
      ? verdictOn(error).kind === 'disk-full'
      : saysDiskFull(String((error as NodeJS.ErrnoException).code));
  return isFull ? diskFull(error) : null;
}
