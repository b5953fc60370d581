// @ts-check
import { connect } from 'node:net';

/** A client that uses one key as hard as its rate limit allows, for a bounded time; then it sends what it saw. */

const env = process.env;
const base = new URL(env.BASE_URL ?? '');
const headers = { authorization: env.AUTHORIZATION ?? '' };
/** @type {{ rate: number, seconds: number, reads: string[], exports: string[], streams: string[], waits: string[], unread: string[] }} */
const { rate, seconds, reads, exports, streams, waits, unread } = JSON.parse(env.PLAN ?? '{}');
/** A body as large as the API takes, which is refused after it was read. */
const LARGE_BODY = JSON.stringify({ name: 'x'.repeat(1_000_000) });
const LARGE_EVERY = 10;
const EXPORT_EVERY = 10;

/** @type {Record<string, number>} */
const statuses = {};
const stopping = new AbortController();
/** @type {Promise<void>[]} */
const running = [];

/** @param {string} path @param {RequestInit} [init] */
async function send(path, init) {
  try {
    const response = await fetch(new URL(`/api${path}`, base), {
      ...init,
      signal: stopping.signal,
      headers: { ...headers, ...init?.headers },
    });
    statuses[response.status] = (statuses[response.status] ?? 0) + 1;
    for await (const _ of response.body ?? []);
  } catch (error) {
    if (stopping.signal.aborted) return;
    statuses.failed = (statuses.failed ?? 0) + 1;
  }
}

for (const path of streams) running.push(send(path, { headers: { accept: 'text/event-stream' } }));
for (const path of waits) running.push(send(path));
// Clients that read nothing of their responses.
const sockets = unread.map((path) => {
  const socket = connect(Number(base.port), base.hostname);
  socket.on('error', () => undefined);
  socket.write(
    `GET /api${path} HTTP/1.1\r\nhost: ${base.host}\r\nauthorization: ${headers.authorization}\r\n\r\n`,
  );
  return socket.pause();
});

let sent = 0;
const pace = setInterval(() => {
  const number = sent++;
  if (number % LARGE_EVERY === 0) {
    running.push(
      send('/projects', {
        method: 'POST',
        body: LARGE_BODY,
        headers: { 'content-type': 'application/json' },
      }),
    );
  } else if (number % EXPORT_EVERY === 1) {
    const path = exports[number % exports.length] ?? '';
    running.push(send(path, { headers: { accept: 'application/x-ndjson' } }));
  } else {
    running.push(send(reads[number % reads.length] ?? '/projects'));
  }
}, 1_000 / rate);
setTimeout(async () => {
  clearInterval(pace);
  stopping.abort();
  for (const socket of sockets) socket.destroy();
  await Promise.all(running);
  process.send?.({ sent, statuses });
  process.disconnect?.();
}, seconds * 1_000);
process.send?.('started');
