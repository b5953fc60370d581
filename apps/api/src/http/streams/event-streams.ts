import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../../auth/credential-watch.js';
import type { Principal, PrincipalRequest } from '../../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { RequestSlots } from '../limits/request-slots.js';
import { ConcurrencyLimit } from '../limits/concurrency-limit.js';

const HEARTBEAT_MS = 15_000;
/** Limited, since a stream can stay open for as long as a build waits and queries the database meanwhile. */
const MAX_STREAMS = 1_000;
const MAX_STREAMS_PER_ACCOUNT = 400;
const MAX_STREAMS_PER_CREDENTIAL = 100;
const RETRY_AFTER_SECONDS = 5;
const RETRY = `retry: ${RETRY_AFTER_SECONDS * 1_000}\n\n`;

/**
 * Streams logs as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), and limits the
 * number of open streams. Waits for slow readers instead of buffering. Ends a stream when its credential becomes invalid.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreams.name);
  private readonly stopping = new AbortController();
  private readonly byAccount = new ConcurrencyLimit(MAX_STREAMS, MAX_STREAMS_PER_ACCOUNT);
  private readonly byCredential = new ConcurrencyLimit(MAX_STREAMS, MAX_STREAMS_PER_CREDENTIAL);

  constructor(
    private readonly credentials: CredentialWatch,
    private readonly slots: RequestSlots,
  ) {}

  /** Ends all streams, which tell their readers when to connect again. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * Responds with a stream that lasts until `send` resolves.
   *
   * @param what names the stream in our log
   * @throws {ApiError} too-many-requests or service-unavailable, when too many streams are open
   */
  async open(
    what: string,
    request: PrincipalRequest,
    reply: FastifyReply,
    send: (events: EventWriter) => Promise<void>,
  ): Promise<void> {
    const ended = this.begin(request.principal, reply);
    try {
      await this.stream(what, request, reply, send);
    } finally {
      ended();
    }
  }

  private begin({ accountId, credentialId }: Principal, reply: FastifyReply): () => void {
    const refusal = this.refusalOf(accountId, credentialId);
    if (refusal !== null) {
      void reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw refusal;
    }
    const ends = [this.byAccount.begin(accountId), this.byCredential.begin(credentialId)];
    return () => ends.forEach((end) => end());
  }

  private refusalOf(accountId: string, credentialId: string): ApiError | null {
    if (this.byAccount.isFull) {
      return new ApiError(
        'service-unavailable',
        'Too many logs are being followed at the moment. Try again later.',
      );
    }
    const reached = this.byCredential.isFullFor(credentialId)
      ? `${MAX_STREAMS_PER_CREDENTIAL} logs are already being followed with this credential`
      : this.byAccount.isFullFor(accountId)
        ? `${MAX_STREAMS_PER_ACCOUNT} logs are already being followed by this account`
        : null;
    return reached === null
      ? null
      : new ApiError('too-many-requests', `${reached}. Close one, or request JSON instead.`);
  }

  private async stream(
    what: string,
    request: PrincipalRequest,
    reply: FastifyReply,
    send: (events: EventWriter) => Promise<void>,
  ): Promise<void> {
    const gone = new AbortController();
    request.raw.once('close', () => gone.abort());
    reply.raw.once('close', () => gone.abort());
    // A client that disconnected before we listened emits no further event.
    if (request.raw.destroyed || reply.raw.destroyed) gone.abort();
    const revoked = new AbortController();
    const signal = AbortSignal.any([gone.signal, revoked.signal, this.stopping.signal]);
    reply.hijack();
    this.slots.release(reply.raw);
    const stream = reply.raw;
    stream.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    stream.flushHeaders();
    // HEAD needs only the headers.
    if (request.method === 'HEAD') {
      stream.end();
      return;
    }
    const credential = this.credentials.start(request, () => revoked.abort());
    const heartbeat = setInterval(() => stream.write(': heartbeat\n\n'), HEARTBEAT_MS);
    try {
      await send(new EventWriter(stream, signal));
    } catch (error) {
      if (!signal.aborted) {
        this.logger.warn(`the stream of ${what} failed: ${(error as Error).message}`);
        stream.write(RETRY);
      }
    } finally {
      clearInterval(heartbeat);
      // Its reader connects again, to another process or to the next one.
      stream.end(this.stopping.signal.aborted ? RETRY : undefined);
      await credential.stop();
    }
  }
}

/** Writes events to one reader, and waits if the reader is slow. */
export class EventWriter {
  constructor(
    private readonly stream: ServerResponse,
    /** Aborted when the stream must end. */
    readonly signal: AbortSignal,
  ) {}

  write(event: string, data: object, id?: string): Promise<void> {
    return this.writeEncoded(encodeEvent(event, data, id));
  }

  /** Writes events that were encoded before. */
  async writeEncoded(events: string | Buffer): Promise<void> {
    if (this.stream.destroyed) return;
    if (!this.stream.write(events)) await once(this.stream, 'drain', { signal: this.signal });
  }

  /** Tells the reader how long to wait before it connects again, should the stream break. */
  writeRetry(): Promise<void> {
    return this.writeEncoded(RETRY);
  }
}

/** Encodes an event of a stream. */
export function encodeEvent(event: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
