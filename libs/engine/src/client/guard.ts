/**
 * Awaited right before each call that changes something on the engine; it throws when the caller may not
 * change anything any more, such as a worker that has lost its lease.
 */
export type Guard = () => Promise<void>;

/** For callers that nobody can overtake. */
export const UNGUARDED: Guard = () => Promise.resolve();
