import { DatabaseConfig } from '@nexos/config';
import { postgresErrorCode, UnitOfWork } from '@nexos/database';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { PrincipalRequest } from '../../auth/principal.js';
import { ApiError } from '../problems/api-error.js';
import { FairQueue, QueueTimeoutError } from '../limits/fair-queue.js';
import { OutsideTransaction } from './outside-transaction.js';
import { StoredResponses, type StoredResponse, type KeyedRequest } from './stored-responses.js';
import { requestFingerprint } from './request-fingerprint.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
/** How long a request waits for its turn, and then for each lock, such as that of a duplicate request. */
const TURN_MS = 3_000;
const LOCK_MS = 3_000;
const MAX_WAITING = 1_000;
const RETRY_AFTER_SECONDS = 2;
const LOCK_NOT_AVAILABLE = '55P03';
/** Headers that are stored with the status and the body; all others belong to the request or are computed again. */
const STORED_HEADERS = ['link', 'location'];

/**
 * Handles a request once per `Idempotency-Key`, and replays its response to repetitions
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header). The key, the effects and the response
 * are one transaction: if the process dies, either everything happened or nothing did. Errors are not stored, since
 * they had no effect. A handler that waits for another host does so through `OutsideTransaction`.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly queue: FairQueue;

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly answers: StoredResponses,
    private readonly outside: OutsideTransaction,
    config: DatabaseConfig,
  ) {
    // Duplicates hold a connection while they wait, and must never hold all of the pool.
    this.queue = new FairQueue(Math.max(1, Math.floor(config.poolSize / 2)), TURN_MS, MAX_WAITING);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<PrincipalRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined) return next.handle();
    const { accountId } = request.principal;
    const keyed = { accountId, key: keyIn(key), fingerprint: requestFingerprint(request) };
    return from(this.answer(keyed, http.getResponse<FastifyReply>(), next));
  }

  private async answer(
    keyed: KeyedRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<string | undefined> {
    const { answer, replayed } = await this.once(keyed, reply, next);
    if (replayed) void reply.header('idempotency-replayed', 'true');
    void reply.status(answer.status).headers(answer.headers);
    // Sent as stored, so that a replay is identical byte for byte.
    if (answer.body !== null) void reply.header('content-type', 'application/json; charset=utf-8');
    return answer.body ?? undefined;
  }

  private async once(
    keyed: KeyedRequest,
    reply: FastifyReply,
    next: CallHandler,
  ): Promise<{ answer: StoredResponse; replayed: boolean }> {
    try {
      return await this.outside.repeat(() =>
        this.queue.run(() =>
          this.unitOfWork.run(async (transaction) => {
            await transaction.limitLockWaits(LOCK_MS);
            const earlier = await this.answers.claim(keyed);
            if (earlier !== null) return { answer: earlier, replayed: true };
            const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
            const answer = answerOf(value, reply);
            await this.answers.keep(keyed, answer);
            return { answer, replayed: false };
          }),
        ),
      );
    } catch (error) {
      if (!isBusy(error)) throw error;
      void reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new ApiError('service-unavailable', busyDetail(error));
    }
  }
}

function keyIn(header: string | string[]): string {
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new ApiError('validation', 'Some headers are invalid; see errors.', [
    { field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' },
  ]);
}

function answerOf(value: unknown, reply: FastifyReply): StoredResponse {
  const headers: Record<string, string> = {};
  for (const name of STORED_HEADERS) {
    const header = reply.getHeader(name);
    if (typeof header === 'string') headers[name] = header;
  }
  const body = value === undefined || value === null ? null : JSON.stringify(value);
  return { status: reply.statusCode, headers, body };
}

function isBusy(error: unknown): boolean {
  return error instanceof QueueTimeoutError || postgresErrorCode(error) === LOCK_NOT_AVAILABLE;
}

function busyDetail(error: unknown): string {
  return error instanceof QueueTimeoutError
    ? 'Too many requests with an Idempotency-Key are in progress, so this one timed out. Send it again.'
    : 'Another change of the same, or a request with the same Idempotency-Key, is in progress, so this one timed out. Send it again.';
}
