import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../auth/credential-watch.js';
import type { PrincipalRequest } from '../auth/principal.js';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { ApiError } from '../http/problems/api-error.js';

export const NDJSON = 'application/x-ndjson';
/** An export reads as fast as its client. */
const MAX_EXPORTS = 20;
const MAX_EXPORTS_PER_ACCOUNT = 2;
const RETRY_AFTER_SECONDS = 5;
/** How long a client may take for one piece, and for all of them: others wait for its place. */
const PIECE_MS = 60_000;
const EXPORT_MS = 3_600_000;

/**
 * Responds with the audit log as one JSON object per line (https://github.com/ndjson/ndjson-spec). Holds one batch of
 * lines in memory. Breaks off when its credential becomes invalid, or its client reads too slowly.
 */
@Injectable()
export class AuditExport {
  private readonly logger = new Logger(AuditExport.name);
  private readonly exports = new ConcurrencyLimit(MAX_EXPORTS, MAX_EXPORTS_PER_ACCOUNT);

  constructor(private readonly credentials: CredentialWatch) {}

  /** @throws {ApiError} too-many-requests or service-unavailable, when too many exports are running */
  async send(request: PrincipalRequest, reply: FastifyReply, lines: AsyncIterable<string>): Promise<void> {
    const ended = this.begin(request.principal.accountId, reply);
    const giveUp = () => stream.destroy(new Error('its client did not read for a minute'));
    const stream = Readable.from(watched(lines, giveUp), { objectMode: true, highWaterMark: 1 });
    const overdue = setTimeout(() => stream.destroy(new Error('it took more than an hour')), EXPORT_MS);
    const watch = this.credentials.start(request, () => stream.destroy());
    stream.once('error', (error) => this.logger.warn(`an export of the audit log failed: ${error.message}`));
    stream.once('close', () => {
      ended();
      clearTimeout(overdue);
      void watch.stop();
    });
    await reply.header('content-type', `${NDJSON}; charset=utf-8`).send(stream);
  }

  private begin(accountId: string, reply: FastifyReply): () => void {
    if (!this.exports.isFull && !this.exports.isFullFor(accountId)) return this.exports.begin(accountId);
    void reply.header('retry-after', RETRY_AFTER_SECONDS);
    throw this.exports.isFullFor(accountId)
      ? new ApiError(
          'too-many-requests',
          `${MAX_EXPORTS_PER_ACCOUNT} exports of the audit log are already running for this account. Wait for one to end.`,
        )
      : new ApiError('service-unavailable', 'Too many exports are running at the moment. Try again later.');
  }
}

/** Passes pieces on. @param giveUp called when nobody wants another one for too long */
async function* watched(pieces: AsyncIterable<string>, giveUp: () => void): AsyncGenerator<string> {
  for await (const piece of pieces) {
    const limit = setTimeout(giveUp, PIECE_MS);
    try {
      yield piece;
    } finally {
      clearTimeout(limit);
    }
  }
}
