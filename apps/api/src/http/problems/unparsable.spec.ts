import { createServer, type RequestListener, type Server } from 'node:http';
import { Socket, connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerUnparsable } from './unparsable.js';

const beginToAnswer: RequestListener = (_request, response) => {
  response.write('the beginning of an answer');
};
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/**
 * All that comes back for some bytes until the connection is closed, from a server with little patience.
 *
 * @param then is sent when the answer begins
 */
async function answerTo(bytes: string, then = ''): Promise<string> {
  const listening = createServer({ requestTimeout: 50, connectionsCheckingInterval: 20 }, beginToAnswer);
  server = listening.on('clientError', answerUnparsable);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const socket = connect((listening.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  socket.once('data', () => socket.write(then));
  return text(socket);
}

describe('a request that does not come to its end', () => {
  it('is answered with 408', async () => {
    const answer = await answerTo('GET / HTTP/1.1\r\nhost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('"type":"urn:nexos:problem:request-timeout"');
  });
});

describe('a request with more headers than are taken', () => {
  it('is answered although the client goes on sending', async () => {
    const headers = `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(20_000)}\r\n`;
    const answer = await answerTo(headers, 'x'.repeat(4_000_000));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toMatch(/\}$/);
  });

  it('is cut off when the client goes on for long', async () => {
    const socket = new Socket();
    const destroyed = vi.spyOn(socket, 'destroy');
    vi.spyOn(socket, 'writable', 'get').mockReturnValue(true);
    vi.spyOn(socket, 'end').mockReturnValue(socket);
    vi.useFakeTimers();
    try {
      const overflow = Object.assign(new Error('too much'), { code: 'HPE_HEADER_OVERFLOW' });
      answerUnparsable(overflow, socket);
      answerUnparsable(overflow, socket);
      expect(destroyed).not.toHaveBeenCalled();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(destroyed).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what follows a request that is being answered', () => {
  it('puts nothing into that answer', async () => {
    const answer = await answerTo('GET / HTTP/1.1\r\nhost: x\r\n\r\n', 'EHLO\r\n\r\n');
    expect(answer).toContain('the beginning of an answer');
    expect(answer.match(/HTTP\/1\.1/g)).toEqual(['HTTP/1.1']);
  });
});

describe('a connection that is gone', () => {
  it.each([
    ['was reset', 'ECONNRESET', true],
    ['takes no more', 'HPE_INVALID_METHOD', false],
  ])('is written nothing when it %s', (_, code, isWritable) => {
    const socket = new Socket();
    if (!isWritable) socket.end();
    expect(socket.writable).toBe(isWritable);
    const writes = [vi.spyOn(socket, 'write'), vi.spyOn(socket, 'end')];
    answerUnparsable(Object.assign(new Error(code), { code }), socket);
    for (const write of writes) expect(write).not.toHaveBeenCalled();
    expect(socket.destroyed).toBe(true);
  });
});
