import { once } from 'node:events';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { BuildLog, LogWatch } from '@nexos/build-log';
import type { LogCursor } from '@nexos/contracts';
import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../auth/credential-watch.js';
import type { Principal, PrincipalRequest } from '../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { AtOnce } from './at-once.js';
import { DeploymentsService } from './deployments.service.js';
import { toLogLineResponse, type LogEndEvent, type LogLineEvent } from './log.response.js';

const HEARTBEAT_MS = 15_000;
/** How often a log is looked at even if no wake-up came. */
const FALLBACK_MS = 2_000;
/** Lines read at once: what a watcher that does not keep up costs in memory. */
const BATCH = 200;
/** A stream may stay open for as long as a build waits, and asks the database all the while. */
const STREAMS_AT_MOST = 1_000;
const STREAMS_AT_MOST_OF_ACCOUNT = 400;
const STREAMS_AT_MOST_OF_CREDENTIAL = 100;
const RETRY_AFTER_SECONDS = 5;

/**
 * Streams logs as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * history first, then each line as it comes, and at the end an `end` event with the status. A slow reader is
 * waited for, not buffered for. The stream ends with the credential that it was asked for with.
 */
@Injectable()
export class LogFollower implements BeforeApplicationShutdown {
  private readonly logger = new Logger(LogFollower.name);
  private readonly stopping = new AbortController();
  private readonly byAccount = new AtOnce(STREAMS_AT_MOST, STREAMS_AT_MOST_OF_ACCOUNT);
  private readonly byCredential = new AtOnce(STREAMS_AT_MOST, STREAMS_AT_MOST_OF_CREDENTIAL);

  constructor(
    private readonly deployments: DeploymentsService,
    private readonly log: BuildLog,
    private readonly watch: LogWatch,
    private readonly credentials: CredentialWatch,
  ) {}

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** @throws {ApiError} too-many-requests, service-unavailable: when too many streams are open already */
  async follow(id: string, after: LogCursor, request: PrincipalRequest, reply: FastifyReply): Promise<void> {
    const ended = this.begin(request.principal, reply);
    try {
      await this.stream(id, after, request, reply);
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
    id: string,
    after: LogCursor,
    request: PrincipalRequest,
    reply: FastifyReply,
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
      await this.send(id, after, stream, signal);
    } catch (error) {
      if (!signal.aborted) this.logger.warn(`the log of ${id} broke off: ${(error as Error).message}`);
    } finally {
      clearInterval(heartbeat);
      stream.end();
      await credential.stop();
    }
  }

  private async send(
    id: string,
    start: LogCursor,
    stream: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    await this.watch.watch(id, FALLBACK_MS, signal, async (nextChange) => {
      let after = start;
      while (!signal.aborted) {
        const { status, ended } = await this.deployments.progress(id);
        for (;;) {
          const lines = await this.log.reader.read(id, after, BATCH);
          for (const line of lines) {
            const { cursor, ...event } = toLogLineResponse(line);
            const data = JSON.stringify(event satisfies LogLineEvent);
            await write(stream, `id: ${cursor}\nevent: line\ndata: ${data}\n\n`, signal);
          }
          after = lines.at(-1) ?? after;
          if (lines.length < BATCH) break;
        }
        if (ended) {
          const data = JSON.stringify({ status } satisfies LogEndEvent);
          await write(stream, `event: end\ndata: ${data}\n\n`, signal);
          return;
        }
        await nextChange();
      }
    });
  }
}

async function write(stream: ServerResponse, text: string, signal: AbortSignal): Promise<void> {
  if (stream.destroyed) return;
  if (!stream.write(text)) await once(stream, 'drain', { signal });
}
