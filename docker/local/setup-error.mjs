// @ts-check

/** A step failed for a reason that the reader can do something about; the message says what. */
export class SetupError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SetupError';
  }
}

/**
 * The text of whatever was thrown.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The `code` of a system error (`ENOENT`, `ECONNREFUSED` …), if it has one.
 *
 * @param {unknown} error
 * @returns {string | undefined}
 */
export function codeOf(error) {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Prints what went wrong and ends the program: a sentence where we know what to do, else the stack.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function exitWith(error) {
  const known = error instanceof SetupError;
  const text = error instanceof Error && !known ? (error.stack ?? error.message) : messageOf(error);
  process.stderr.write(`\n${text}\n`);
  process.exit(1);
}
