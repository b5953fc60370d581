import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CredentialWatch } from '../auth/credential-watch.js';
import type { PrincipalRequest } from '../auth/principal.js';
import { AuditExport } from './audit-export.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => vi.useRealTimers());

const MINUTE = 60_000;
const request = { principal: { accountId: 'user_1' } } as unknown as PrincipalRequest;

async function* endless() {
  for (;;) yield await Promise.resolve('line\n');
}

/** Begins an export whose client the test reads for. */
async function begin(exports: AuditExport): Promise<Readable> {
  let sent: Readable | undefined;
  const reply = {
    header: () => reply,
    send: (stream: Readable) => {
      sent = stream;
      return Promise.resolve();
    },
  };
  await exports.send(request, reply as unknown as FastifyReply, endless());
  if (sent === undefined) throw new Error('nothing was sent');
  return sent;
}

/** Reads a piece, and waits until the next one waits to be read. */
async function readPiece(stream: Readable): Promise<void> {
  while (stream.read() === null) await new Promise((resolve) => stream.once('readable', resolve));
  while (stream.readableLength === 0) await new Promise((resolve) => setImmediate(resolve));
}
/** Waits until an export is broken off; returns why. */
async function brokenOff(stream: Readable): Promise<string> {
  const error = new Promise<Error>((resolve) => stream.once('error', resolve));
  await new Promise((resolve) => stream.once('close', resolve));
  return (await error).message;
}

describe('an export of the audit log', () => {
  const newExports = () => {
    const watch = { start: () => ({ stop: () => Promise.resolve() }) };
    return new AuditExport(watch as unknown as CredentialWatch);
  };

  it('is broken off when its client reads nothing for a minute, which frees its place', async () => {
    const exports = newExports();
    const streams = [await begin(exports), await begin(exports)];
    await expect(begin(exports)).rejects.toThrow('already running');
    const ends = streams.map(brokenOff);
    await Promise.all(streams.map(readPiece));
    vi.advanceTimersByTime(MINUTE);
    expect(await Promise.all(ends)).toEqual(Array(2).fill('its client did not read for a minute'));
    await begin(exports);
  });

  it('goes on while its client reads, for an hour', async () => {
    const stream = await begin(newExports());
    const end = brokenOff(stream);
    for (let minute = 0; minute < 60; minute++) {
      await readPiece(stream);
      vi.advanceTimersByTime(MINUTE - 1);
      expect(stream.destroyed, `after ${minute} minutes`).toBe(false);
    }
    await readPiece(stream);
    vi.advanceTimersByTime(100);
    expect(await end).toBe('it took more than an hour');
  });
});
