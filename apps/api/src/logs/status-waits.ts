import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../auth/credential-watch.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { ApiError } from '../http/problems/api-error.js';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { StatusWatch } from './status-watch.js';

const WAITING_AT_MOST = 2_000;
const WAITING_AT_MOST_OF_ACCOUNT = 500;
const RETRY_AFTER_SECONDS = 5;
/** What the answers to all who wait may take when the process ends. */
const FAREWELL_MS = 5_000;

interface Waiter {
  readonly end: () => void;
  /** Or gone. */
  readonly answered: Promise<void>;
}

/** What was asked for with `?wait`. */
interface Waited<Response> {
  readonly accountId: string;
  /** As it was when the request came. */
  readonly present: Response;
  /** Its status will not change any more. */
  readonly isOver: boolean;
  /** As it is by now. */
  readonly again: () => Promise<Response>;
}

/**
 * Answers once a status changes, or when the time that the caller would wait is over. A wait ends with the credential that
 * it was asked for with.
 */
@Injectable()
export class StatusWaits implements BeforeApplicationShutdown {
  private readonly waiters = new Set<Waiter>();
  private readonly waits = new ConcurrencyLimit(WAITING_AT_MOST, WAITING_AT_MOST_OF_ACCOUNT);
  private stopping = false;

  constructor(
    private readonly watch: StatusWatch,
    private readonly credentials: CredentialWatch,
  ) {}

  /** Whoever waits is answered before the process goes. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    const waiters = [...this.waiters];
    for (const { end } of waiters) end();
    const allAnswered = Promise.all(waiters.map(({ answered }) => answered));
    await Promise.race([allAnswered, sleep(FAREWELL_MS, undefined, { ref: false })]);
  }

  /**
   * @throws {ApiError} service-unavailable, when too many wait already; unauthenticated, when the caller's credential is
   *   revoked or expires meanwhile
   */
  async wait<Response extends { readonly id: string; readonly status: string }>(
    { accountId, present, isOver, again }: Waited<Response>,
    seconds: number,
    reply: FastifyReply,
  ): Promise<Response> {
    // Whoever left before we listen will not leave again.
    if (seconds === 0 || isOver || reply.raw.destroyed) return present;
    if (this.waits.isFull || this.waits.isFullOf(accountId)) {
      void reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new ApiError('service-unavailable', 'Too many wait already. Wait less, or try again later.');
    }
    const ended = this.waits.begin(accountId);
    const enough = new AbortController();
    const end = () => enough.abort();
    const timer = setTimeout(end, seconds * 1_000);
    const answered = new Promise<void>((resolve) => reply.raw.once('close', resolve));
    const waiter = { end, answered };
    this.waiters.add(waiter);
    const gone = new AbortController();
    void answered.then(() => {
      gone.abort();
      this.waiters.delete(waiter);
      end();
    });
    const revoked = new AbortController();
    const credential = this.credentials.start(reply.request, () => {
      revoked.abort();
      end();
    });
    try {
      if (!this.stopping) await this.watch.change(present.id, present.status, enough.signal);
    } finally {
      clearTimeout(timer);
      ended();
      await credential.stop();
    }
    if (gone.signal.aborted) return present;
    if (revoked.signal.aborted) throw unauthenticated(reply, 'The credential does not hold any more.');
    return again();
  }
}
