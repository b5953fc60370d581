/**
 * Awaited right before each call that changes the engine. It throws when the caller is no longer allowed to change
 * anything, such as a worker that has lost its lease.
 */
export type Guard = () => Promise<void>;

/** For callers that need no lease. */
export const UNGUARDED: Guard = () => Promise.resolve();
