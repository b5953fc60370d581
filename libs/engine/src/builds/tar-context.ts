import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeploymentFailure } from '@nexos/domain';
import { contextMethod, type SyncedContext } from './context-sync.js';
import type { SessionMethod } from './session-methods.js';

const BLOCK = 512;
/** A tar archive ends with two blocks of zeroes (POSIX.1-2017, pax, "ustar Interchange Format"). */
const END_MARK = 2 * BLOCK;

/** A build context on its way to the engine. */
export interface SentContext {
  /** The body of the build request; null when the context is sent over the session. */
  readonly body: Readable | null;
  readonly sessionMethods: readonly SessionMethod[];
  /** Aborted when the context fails, with the error as its reason. */
  readonly failed: AbortSignal;
  /** @throws {DeploymentFailure} unless the whole context was sent */
  assertSent(): void;
  /** Stops reading the source. */
  destroy(): void;
}

/**
 * Checks that a tar stream is complete before passing on its end. The engine silently builds from a truncated
 * archive, so a context that ends early must break the request instead.
 */
export function tarContext(source: Readable): SentContext {
  const body = new PassThrough();
  const failing = new AbortController();
  let sent = false;
  // Start reading at once: the source may be gone before the engine is ready for it.
  pipeline(source, new EndMarkCheck(), body).then(
    () => (sent = true),
    (error: unknown) => failing.abort(error),
  );
  // `failed` tells the request, even one that has not started yet.
  body.on('error', () => undefined);
  return {
    body,
    sessionMethods: [],
    failed: failing.signal,
    assertSent: () => {
      if (!sent) throw truncated();
    },
    destroy: () => void source.destroy(),
  };
}

/** Sends a context over the session. BuildKit notices a transfer that ends early. */
export function syncedContext(source: SyncedContext): SentContext {
  const failing = new AbortController();
  return {
    body: null,
    sessionMethods: [contextMethod(source, (error) => failing.abort(error))],
    failed: failing.signal,
    assertSent: () => undefined,
    destroy: () => undefined,
  };
}

class EndMarkCheck extends Transform {
  private size = 0;
  private zeroes = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, callback: TransformCallback): void {
    this.size += chunk.length;
    const trailing = trailingZeroes(chunk);
    this.zeroes = trailing === chunk.length ? this.zeroes + trailing : trailing;
    callback(null, chunk);
  }

  override _flush(callback: TransformCallback): void {
    const whole = this.size % BLOCK === 0 && this.zeroes >= END_MARK;
    callback(whole ? null : truncated());
  }
}

function trailingZeroes(chunk: Buffer): number {
  let end = chunk.length;
  while (end > 0 && chunk[end - 1] === 0) end--;
  return chunk.length - end;
}

function truncated(): DeploymentFailure {
  return new DeploymentFailure(
    'internal_error',
    'The build context arrived incomplete, so nothing was built. Deploy again.',
  );
}
