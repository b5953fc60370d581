import { Transform, type Readable, type TransformCallback } from 'node:stream';
import { ApiError } from './problems/api-error.js';

/**
 * Bounds what is held of bodies whose sender is not known yet: in all, and of each client, so that one cannot take the
 * room of all others. What counts is what has come: whoever announces much and sends nothing takes nothing.
 */
export class UnsignedBodies {
  private inAll = 0;
  private readonly byClient = new Map<string, number>();

  constructor(
    private readonly mostInAll: number,
    private readonly mostOfEach: number,
  ) {}

  /**
   * Hands a body on, and counts it until `release` is called.
   *
   * @returns the body, which breaks off with an `ApiError` (service-unavailable) when there is no room for more of it
   */
  hold(client: string, body: Readable): { readonly held: Transform; readonly release: () => void } {
    let bytes = 0;
    const held = new Transform({
      transform: (chunk: Buffer, _encoding, done: TransformCallback) => {
        if (!this.hasRoom(client, chunk.length)) {
          done(new ApiError('service-unavailable', 'Too many large bodies come in just now. Try again.'));
          return;
        }
        bytes += chunk.length;
        this.add(client, chunk.length);
        done(null, chunk);
      },
    });
    body.pipe(held);
    body.once('close', () => {
      if (!body.readableEnded) held.destroy(new Error('the client has gone'));
    });
    return { held, release: () => this.add(client, -bytes) };
  }

  private hasRoom(client: string, bytes: number): boolean {
    return (
      this.inAll + bytes <= this.mostInAll && (this.byClient.get(client) ?? 0) + bytes <= this.mostOfEach
    );
  }

  private add(client: string, bytes: number): void {
    this.inAll += bytes;
    const left = (this.byClient.get(client) ?? 0) + bytes;
    if (left > 0) this.byClient.set(client, left);
    else this.byClient.delete(client);
  }
}
