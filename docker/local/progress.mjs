// @ts-check

/** @typedef {(line: string) => void} Log */

const QUIET_MS = 500;
const REMIND_MS = 10_000;

/**
 * Writes to standard error: commands that begin with set-up own standard output.
 *
 * @type {Log}
 */
export const logToStderr = (line) => void process.stderr.write(`${line}\n`);

/**
 * Runs one step. A quick one prints nothing. A longer one prints its title, every ten seconds the time it has taken so
 * far, and at the end the time it took.
 *
 * @template T
 * @param {Log} log
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(log, title, work) {
  const began = Date.now();
  let isAnnounced = false;
  const announce = setTimeout(() => {
    isAnnounced = true;
    log(`${title} …`);
  }, QUIET_MS);
  const remind = setInterval(() => log(`${title} … ${seconds(began)}`), REMIND_MS);
  try {
    const result = await work();
    if (isAnnounced) log(`${title}: done in ${seconds(began)}`);
    return result;
  } finally {
    clearTimeout(announce);
    clearInterval(remind);
  }
}

/**
 * Returns the time since `began` for people: `3.4 s`, `1 min 20 s`.
 *
 * @param {number} began milliseconds since 1970
 */
export function seconds(began) {
  const elapsed = (Date.now() - began) / 1000;
  if (elapsed < 60) return `${elapsed.toFixed(1)} s`;
  return `${Math.floor(elapsed / 60)} min ${Math.floor(elapsed % 60)} s`;
}
