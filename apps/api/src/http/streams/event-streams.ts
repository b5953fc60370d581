import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../../auth/credential-watch.js';
import type { Principal, PrincipalRequest } from '../../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { ConcurrencyLimit } from '../limits/concurrency-limit.js';

const HEARTBEAT_MS = 15_000;
/** A stream may stay open for as long as a build waits, and asks the database all the while. */
const STREAMS_AT_MOST = 1_000;
const STREAMS_AT_MOST_OF_ACCOUNT = 400;
const STREAMS_AT_MOST_OF_CREDENTIAL = 100;
const RETRY_AFTER_SECONDS = 5;

/**
 * Streams logs as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), of all kinds so
 * many at once. A slow reader is waited for, not buffered for. The stream ends with the credential that it was asked for
 * with.
 */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger(EventStreams.name);
  private readonly stopping = new AbortController();
  private readonly byAccount = new ConcurrencyLimit(STREAMS_AT_MOST, STREAMS_AT_MOST_OF_ACCOUNT);
  private readonly byCredential = new ConcurrencyLimit(STREAMS_AT_MOST, STREAMS_AT_MOST_OF_CREDENTIAL);

  constructor(private readonly credentials: CredentialWatch) {}

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /**
   * Answers with a stream that lasts until `send` has come to its end.
   *
   * @param what names it in our own log
   * @throws {ApiError} too-many-requests, service-unavailable: when too many streams are open already
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
      return new ApiError('service-unavailable', 'Too many logs are followed just now. Try again.');
    }
    const already = this.byCredential.isFullOf(credentialId)
      ? `${STREAMS_AT_MOST_OF_CREDENTIAL} logs are followed with this credential`
      : this.byAccount.isFullOf(accountId)
        ? `${STREAMS_AT_MOST_OF_ACCOUNT} logs are followed by this account`
        : null;
    return already === null
      ? null
      : new ApiError('too-many-requests', `${already} already; close one, or ask for JSON.`);
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
    // Whoever left before we listened will not leave again.
    if (request.raw.destroyed || reply.raw.destroyed) gone.abort();
    const over = new AbortController();
    const signal = AbortSignal.any([gone.signal, over.signal, this.stopping.signal]);
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, {
      ...(reply.getHeaders() as OutgoingHttpHeaders),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    stream.flushHeaders();
    // HEAD asks for no more than this.
    if (request.method === 'HEAD') {
      stream.end();
      return;
    }
    const credential = this.credentials.start(request, () => over.abort());
    const heartbeat = setInterval(() => stream.write(': heartbeat\n\n'), HEARTBEAT_MS);
    try {
      await send(new EventWriter(stream, signal));
    } catch (error) {
      if (!signal.aborted) this.logger.warn(`${what} broke off: ${(error as Error).message}`);
    } finally {
      clearInterval(heartbeat);
      stream.end();
      await credential.stop();
    }
  }
}

/** Writes events to one reader, and waits for one that does not keep up. */
export class EventWriter {
  constructor(
    private readonly stream: ServerResponse,
    /** Aborted once nobody is to be told any more. */
    readonly signal: AbortSignal,
  ) {}

  async write(event: string, data: object, id?: string): Promise<void> {
    if (this.stream.destroyed) return;
    const text = `${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    if (!this.stream.write(text)) await once(this.stream, 'drain', { signal: this.signal });
  }
}
