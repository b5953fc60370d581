import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { CredentialWatch } from '../auth/credential-watch.js';
import { unauthenticated } from '../auth/unauthenticated.js';
import { ApiError } from '../http/problems/api-error.js';
import { RequestSlots } from '../http/limits/request-slots.js';
import { ConcurrencyLimit } from '../http/limits/concurrency-limit.js';
import { StatusWatch } from './status-watch.js';

const MAX_WAITING = 2_000;
const MAX_WAITING_PER_ACCOUNT = 500;
const RETRY_AFTER_SECONDS = 5;
/** How long the responses to all waiting requests may take on shutdown. */
const SHUTDOWN_TIMEOUT_MS = 5_000;

interface Waiter {
  readonly end: () => void;
  /** Resolves when the response is sent or the client has disconnected. */
  readonly answered: Promise<void>;
}

/** A resource that was requested with `?wait`. */
interface Waited<Response> {
  readonly accountId: string;
  /** The resource when the request arrived. */
  readonly present: Response;
  /** Whether its status is final. */
  readonly isOver: boolean;
  /** Reads the current resource. */
  readonly again: () => Promise<Response>;
}

/**
 * Delays a response until a status changes or the requested time is over. Ends a wait when its credential becomes
 * invalid.
 */
@Injectable()
export class StatusWaits implements BeforeApplicationShutdown {
  private readonly waiters = new Set<Waiter>();
  private readonly waits = new ConcurrencyLimit(MAX_WAITING, MAX_WAITING_PER_ACCOUNT);
  private stopping = false;

  constructor(
    private readonly watch: StatusWatch,
    private readonly credentials: CredentialWatch,
    private readonly slots: RequestSlots,
  ) {}

  /** Responds to all waiting requests before the process exits. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    const waiters = [...this.waiters];
    for (const { end } of waiters) end();
    const allAnswered = Promise.all(waiters.map(({ answered }) => answered));
    await Promise.race([allAnswered, sleep(SHUTDOWN_TIMEOUT_MS, undefined, { ref: false })]);
  }

  /**
   * @throws {ApiError} service-unavailable, when too many requests are waiting; unauthenticated, when the caller's
   *   credential is revoked or expires in the meantime
   */
  async wait<Response extends { readonly id: string; readonly status: string }>(
    { accountId, present, isOver, again }: Waited<Response>,
    seconds: number,
    reply: FastifyReply,
  ): Promise<Response> {
    // A client that disconnected before we listen emits no further event.
    if (seconds === 0 || isOver || reply.raw.destroyed) return present;
    if (this.waits.isFull || this.waits.isFullFor(accountId)) {
      void reply.header('retry-after', RETRY_AFTER_SECONDS);
      throw new ApiError(
        'service-unavailable',
        'Too many requests are waiting for a status. Try again later, or without wait.',
      );
    }
    const ended = this.waits.begin(accountId);
    this.slots.release(reply.raw);
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
    if (revoked.signal.aborted)
      throw unauthenticated(reply, 'The credential was revoked or has expired. Authenticate again.');
    return again();
  }
}
