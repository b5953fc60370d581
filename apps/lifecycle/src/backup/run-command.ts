/**
 * Runs a command until it ends or is interrupted. An expected error is printed without its stack; the exit code is then 1.
 *
 * @param expected the class of errors whose message tells everything
 */
export async function runCommand(
  work: (signal: AbortSignal) => Promise<void>,
  ...expected: readonly (abstract new (...args: never[]) => Error)[]
): Promise<void> {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      abort.abort(new Error(`stopped by ${signal}`));
    });
  }
  try {
    await work(abort.signal);
  } catch (error) {
    const isExpected = expected.some((kind) => error instanceof kind);
    const text = isExpected || !(error instanceof Error) ? String(error) : error.stack;
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
