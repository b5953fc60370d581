/**
 * Returns a signal that aborts with the given one, and with a `TimeoutError` after a time in milliseconds.
 *
 * Use it in place of `AbortSignal.any([signal, AbortSignal.timeout(ms)])`: Node.js 20 collects a timeout that only
 * another signal refers to, and the deadline then never comes (https://github.com/nodejs/node/issues/57736).
 */
export function withDeadline(signal: AbortSignal, ms: number): AbortSignal {
  const deadline = AbortSignal.timeout(ms);
  const either = AbortSignal.any([signal, deadline]);
  Object.defineProperty(either, 'keeps', { value: [signal, deadline] });
  return either;
}
