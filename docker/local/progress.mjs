// @ts-check

/** @typedef {(line: string) => void} Log */

const QUIET_MS = 500;
const REMIND_MS = 10_000;

/**
 * Logs to standard error, because standard output is for the results of commands.
 *
 * @type {Log}
 */
export const logToStderr = (line) => void process.stderr.write(`${line}\n`);

/**
 * Runs a step. One that takes more than half a second prints its title, the elapsed time every ten seconds, and at the
 * end its duration.
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
 * Formats the time since `began`: `3.4 s`, `1 min 20 s`.
 *
 * @param {number} began milliseconds since 1970
 */
export function seconds(began) {
  const elapsed = (Date.now() - began) / 1000;
  if (elapsed < 60) return `${elapsed.toFixed(1)} s`;
  return `${Math.floor(elapsed / 60)} min ${Math.floor(elapsed % 60)} s`;
}
