// @ts-check

/** @typedef {(line: string) => void} Log */

const QUIET_MS = 500;
const REMIND_MS = 10_000;

/**
 * Standard error, because the programs that begin with set-up own standard output.
 *
 * @type {Log}
 */
export const logToStderr = (line) => {
  process.stderr.write(`${line}\n`);
};

/**
 * Runs one step. A quick one prints nothing; a longer one prints its title, then the time it has taken so far
 * every ten seconds, then the time it took.
 *
 * @template T
 * @param {Log} log
 * @param {string} title
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(log, title, work) {
  const began = Date.now();
  let announced = false;
  const announce = setTimeout(() => {
    announced = true;
    log(`${title} …`);
  }, QUIET_MS);
  const remind = setInterval(() => log(`${title} … ${seconds(began)}`), REMIND_MS);
  try {
    const result = await work();
    if (announced) log(`${title}: done in ${seconds(began)}`);
    return result;
  } finally {
    clearTimeout(announce);
    clearInterval(remind);
  }
}

/**
 * Time since `began` (milliseconds since 1970), for people: `3.4 s`, `1 min 20 s`.
 *
 * @param {number} began
 */
export function seconds(began) {
  const elapsed = (Date.now() - began) / 1000;
  if (elapsed < 60) return `${elapsed.toFixed(1)} s`;
  return `${Math.floor(elapsed / 60)} min ${Math.floor(elapsed % 60)} s`;
}
