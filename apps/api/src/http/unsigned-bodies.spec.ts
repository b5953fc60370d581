import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { UnsignedBodies } from './unsigned-bodies.js';

const CLIENT = '192.0.2.1';

describe('UnsignedBodies', () => {
  it('passes a body on', async () => {
    const body = new PassThrough();
    const { held } = new UnsignedBodies(10, 10).hold(CLIENT, body);
    body.end('12345');
    expect((await buffer(held)).toString()).toBe('12345');
  });

  it('fails the body that exceeds the room, and frees the room of others when they are released', async () => {
    const bodies = new UnsignedBodies(10, 10);
    const first = new PassThrough();
    const { held, release } = bodies.hold(CLIENT, first);
    first.end('123456');
    await buffer(held);
    const second = new PassThrough();
    const refused = buffer(bodies.hold(CLIENT, second).held);
    second.end('123456');
    await expect(refused).rejects.toMatchObject({ kind: 'service-unavailable' });
    release();
    const third = new PassThrough();
    const accepted = buffer(bodies.hold(CLIENT, third).held);
    third.end('1234567890');
    expect((await accepted).length).toBe(10);
  });

  it('fails the body of a client that disconnects', async () => {
    const body = new PassThrough();
    const read = buffer(new UnsignedBodies(10, 10).hold(CLIENT, body).held);
    body.write('123');
    body.destroy();
    await expect(read).rejects.toThrow('the client disconnected');
  });

  it('throws nothing when nobody reads the body of a client that disconnects', async () => {
    const body = new PassThrough();
    const { held } = new UnsignedBodies(10, 10).hold(CLIENT, body);
    body.write('123');
    body.destroy();
    await new Promise<void>((resolve) => void held.once('close', resolve));
    expect(held.errored).toMatchObject({ message: 'the client disconnected' });
  });

  it('counts nothing that arrives after the release', async () => {
    const bodies = new UnsignedBodies(10, 10);
    const body = new PassThrough();
    const { release } = bodies.hold(CLIENT, body);
    release();
    body.end('1234567890');
    await once(body, 'close');
    const next = new PassThrough();
    const accepted = buffer(bodies.hold(CLIENT, next).held);
    next.end('1234567890');
    expect((await accepted).length).toBe(10);
  });
});
