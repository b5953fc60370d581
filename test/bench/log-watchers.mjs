import { createHash } from 'node:crypto';
import { get } from 'node:http';

/** The beginnings of heartbeats, of reconnection times and of the end. */
const OTHERS = [': heartbeat', 'retry: ', 'event: end\n'];

const { WATCHERS: watchers, URL: url = '', AUTHORIZATION: authorization, LAST: last } = process.env;
const LAST_LINE = ` ${last}"`;

/**
 * Follows one log with many streams, in a process of its own. Sends its parent what each stream received, once all have
 * ended.
 */
const results = await Promise.all(Array.from({ length: Number(watchers) }, follow));
process.send?.({ results }, () => process.disconnect());

function follow() {
  return new Promise((resolve, reject) => {
    const request = get(
      url,
      { agent: false, headers: { authorization, accept: 'text/event-stream' } },
      (response) => {
        if (response.statusCode !== 200) reject(new Error(`a stream was answered ${response.statusCode}`));
        const hash = createHash('sha1');
        /** @type {Buffer} */
        let rest = Buffer.alloc(0);
        /** @type {number | undefined} */
        let lastAt;
        let ended = false;
        response.on('data', (/** @type {Buffer} */ chunk) => {
          const seen = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
          const end = seen.lastIndexOf('\n\n') + 2;
          rest = seen.subarray(end);
          const events = lineEventsOf(seen.subarray(0, end));
          ended ||= events.isEnd;
          hash.update(events.lines);
          if (events.lines.includes(LAST_LINE)) lastAt = Date.now();
        });
        response.on('close', () => resolve({ lastAt, ended, hash: hash.digest('hex') }));
      },
    );
    request.on('error', reject);
  });
}

/**
 * Leaves out what is not about lines, and need not be the same in all streams.
 *
 * @param {Buffer} events complete ones
 */
function lineEventsOf(events) {
  if (!OTHERS.some((other) => events.includes(other))) return { lines: events, isEnd: false };
  const texts = events.toString('latin1').split(/(?<=\n\n)/);
  const lines = texts.filter((text) => text.startsWith('id: ')).join('');
  return {
    lines: Buffer.from(lines, 'latin1'),
    isEnd: texts.some((text) => text.startsWith('event: end\n')),
  };
}
