// @ts-check
import { seconds } from './progress.mjs';
import { SetupError } from './setup-error.mjs';
import { waitUntil } from './wait-until.mjs';

const LOOK_MS = 1_000;
const RESTARTS = 4;

/**
 * Waits until `answers` says true; when it never does, or keeps dying, fails with the container's last words.
 *
 * @param {import('./platform-container.mjs').Platform} platform
 * @param {{ name: string, id: string, what: string, deadlineMs: number }} subject
 * @param {() => Promise<boolean>} answers
 */
export async function waitForAnswer(platform, { name, id, what, deadlineMs }, answers) {
  const began = Date.now();
  let nextLook = began + LOOK_MS;
  const outcome = await waitUntil(
    async () => {
      if (await answers()) return 'answers';
      if (Date.now() < nextLook) return undefined;
      nextLook = Date.now() + LOOK_MS;
      const { RestartCount: restarts } = await platform.engine.request('GET', `/containers/${id}/json`);
      return restarts >= RESTARTS ? 'dies' : undefined;
    },
    { deadlineMs, everyMs: 50 },
  );
  if (outcome === 'answers') return;
  const problem = outcome === 'dies' ? 'dies again and again' : `does not answer after ${seconds(began)}`;
  throw new SetupError(
    `${what} (container ${name}) ${problem}. Its last lines:\n${await lastWords(platform.engine, id)}`,
  );
}

/**
 * @param {import('./engine-api.mjs').EngineApi} engine
 * @param {string} id
 */
async function lastWords(engine, id) {
  const response = await engine.stream('GET', `/containers/${id}/logs`, {
    query: { stdout: true, stderr: true, tail: 15 },
  });
  const chunks = [];
  for await (const chunk of response) chunks.push(chunk);
  return unframe(Buffer.concat(chunks));
}

/**
 * Without a terminal the engine frames output: a stream number, three zero bytes, a length of four bytes.
 *
 * @param {Buffer} framed
 */
function unframe(framed) {
  let text = '';
  for (let at = 0; at + 8 <= framed.length;) {
    const length = framed.readUInt32BE(at + 4);
    text += framed.toString('utf8', at + 8, at + 8 + length);
    at += 8 + length;
  }
  return text.trimEnd() || '(it has written nothing)';
}
