import { Readable } from 'node:stream';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../auth/credential-watch.js';
import type { PrincipalRequest } from '../auth/principal.js';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { ApiError } from '../http/problems/api-error.js';

export const NDJSON = 'application/x-ndjson';
/** An export reads as fast as its client, and for as long. */
const MAX_EXPORTS = 20;
const MAX_EXPORTS_PER_ACCOUNT = 2;
const RETRY_AFTER_SECONDS = 5;

/**
 * Responds with the audit log as one JSON object per line (https://github.com/ndjson/ndjson-spec). Holds one batch of
 * lines in memory, and ends when its credential becomes invalid.
 */
@Injectable()
export class AuditExport {
  private readonly logger = new Logger(AuditExport.name);
  private readonly exports = new ConcurrencyLimit(MAX_EXPORTS, MAX_EXPORTS_PER_ACCOUNT);

  constructor(private readonly credentials: CredentialWatch) {}

  /** @throws {ApiError} too-many-requests or service-unavailable, when too many exports are running */
  async send(request: PrincipalRequest, reply: FastifyReply, lines: AsyncIterable<string>): Promise<void> {
    const ended = this.begin(request.principal.accountId, reply);
    const stream = Readable.from(lines, { objectMode: true, highWaterMark: 1 });
    const watch = this.credentials.start(request, () => stream.destroy());
    stream.once('error', (error) => this.logger.warn(`an export of the audit log failed: ${error.message}`));
    stream.once('close', () => {
      ended();
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
