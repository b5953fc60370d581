import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { ApiError } from './problems/api-error.js';

/**
 * Bounds the memory for bodies of unverified senders: in total, and per client, so that one client cannot use up the room
 * of all others. Counts received bytes, so that announcing a large body costs nothing.
 */
export class UnsignedBodies {
  private total = 0;
  private readonly byClient = new Map<string, number>();

  constructor(
    private readonly maxTotal: number,
    private readonly maxPerClient: number,
  ) {}

  /**
   * Passes a body on, and counts it until `release` is called, which discards the rest of it.
   *
   * @returns the body, which fails with an `ApiError` (service-unavailable) when the limit is reached
   */
  hold(client: string, body: Readable): { readonly held: Transform; readonly release: () => void } {
    let bytes = 0;
    let isReleased = false;
    const held = new Transform({
      transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
        if (isReleased) {
          done();
          return;
        }
        if (!this.hasRoom(client, chunk.length)) {
          done(
            new ApiError(
              'service-unavailable',
              'Too many large bodies are being received at the moment. Try again later.',
            ),
          );
          return;
        }
        bytes += chunk.length;
        this.add(client, chunk.length);
        done(null, chunk);
      },
    });
    // Those who read it listen too. A request may be refused before its body is read, and the error would end the process.
    held.on('error', () => undefined);
    body.pipe(held);
    body.once('close', () => {
      if (!body.readableEnded) held.destroy(new Error('the client disconnected'));
    });
    const release = () => {
      isReleased = true;
      this.add(client, -bytes);
      // What nobody counts any more must not stay in memory, nor keep the next request of its connection waiting.
      body.unpipe(held);
      body.resume();
    };
    return { held, release };
  }

  private hasRoom(client: string, bytes: number): boolean {
    return (
      this.total + bytes <= this.maxTotal && (this.byClient.get(client) ?? 0) + bytes <= this.maxPerClient
    );
  }

  private add(client: string, bytes: number): void {
    this.total += bytes;
    const left = (this.byClient.get(client) ?? 0) + bytes;
    if (left > 0) this.byClient.set(client, left);
    else this.byClient.delete(client);
  }
}
