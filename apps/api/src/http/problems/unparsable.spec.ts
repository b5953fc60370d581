import { createServer, type RequestListener, type Server } from 'node:http';
import { Socket, connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerUnparsable } from './unparsable.js';

const startResponse: RequestListener = (_request, response) => {
  response.write('the start of a response');
};
let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

/**
 * Sends bytes to a server with short timeouts, and returns everything it sends until the connection closes.
 *
 * @param then sent when the response starts
 */
async function answerTo(bytes: string, then = ''): Promise<string> {
  const listening = createServer({ requestTimeout: 50, connectionsCheckingInterval: 20 }, startResponse);
  server = listening.on('clientError', answerUnparsable);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const socket = connect((listening.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  socket.once('data', () => socket.write(then));
  return text(socket);
}

describe('a request that never ends', () => {
  it('gets a 408 response', async () => {
    const answer = await answerTo('GET / HTTP/1.1\r\nhost: x\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
    expect(answer).toContain('"type":"urn:nexos:problem:request-timeout"');
  });
});

describe('a request with too many headers', () => {
  it('gets a response even if the client keeps sending', async () => {
    const headers = `GET / HTTP/1.1\r\nhost: x\r\ncookie: ${'x'.repeat(20_000)}\r\n`;
    const answer = await answerTo(headers, 'x'.repeat(4_000_000));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(answer).toMatch(/\}$/);
  });

  it('is disconnected if the client keeps sending for too long', async () => {
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
      await vi.advanceTimersByTimeAsync(5_000);
      expect(destroyed).toHaveBeenCalledOnce();
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('malformed bytes after a request', () => {
  it('add nothing to a response in progress', async () => {
    const answer = await answerTo('GET / HTTP/1.1\r\nhost: x\r\n\r\n', 'EHLO\r\n\r\n');
    expect(answer).toContain('the start of a response');
    expect(answer.match(/HTTP\/1\.1/g)).toEqual(['HTTP/1.1']);
  });
});

describe('a closed connection', () => {
  it.each([
    ['was reset', 'ECONNRESET', true],
    ['is no longer writable', 'HPE_INVALID_METHOD', false],
  ])('receives nothing when it %s', (_, code, isWritable) => {
    const socket = new Socket();
    if (!isWritable) socket.end();
    expect(socket.writable).toBe(isWritable);
    const writes = [vi.spyOn(socket, 'write'), vi.spyOn(socket, 'end')];
    answerUnparsable(Object.assign(new Error(code), { code }), socket);
    for (const write of writes) expect(write).not.toHaveBeenCalled();
    expect(socket.destroyed).toBe(true);
  });
});
