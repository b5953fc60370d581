import { GitExit } from './git-process.js';
import { verdictOn } from './git-failure.js';

/** Git failed for a reason that may be the state of the mirror. */
export class SuspectMirrorError extends Error {}

/** Runs git work that involves no remote, so that a failure means that the mirror is damaged. */
export async function blamingMirror<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    const isSuspect = error instanceof GitExit && verdictOn(error).kind !== 'disk-full';
    throw isSuspect ? new SuspectMirrorError('the mirror is damaged', { cause: error }) : error;
  }
}
