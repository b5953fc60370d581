// @ts-check

/** A failure that the user can fix; the message says how. */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

/**
 * Returns the message of anything thrown, without the prefix that dockerode adds to the engine's messages.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/^\(HTTP code \d+\) .*? - /s, '').trim();
}

/**
 * Returns the `code` of a system error (`ENOENT`, `ECONNREFUSED`), if it has one.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
