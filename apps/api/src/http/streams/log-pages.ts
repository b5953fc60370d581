import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Principal } from '../../auth/principal.js';
import { FairQueue, QueueTimeoutError } from '../limits/fair-queue.js';
import { ApiError } from '../problems/api-error.js';

/** The bytes after which a page ends. */
export const MAX_PAGE_BYTES = 512 * 1024;
/** Pages that are read at the same time: each costs a few times its bytes. */
const MAX_READING = 8;
/** Together with a read from a Redis that does not answer, less than 5 s. */
const TURN_MS = 3_000;
const MAX_WAITING = 2_000;
/** Bytes of pages that their readers have not received yet. */
const MAX_UNSENT = 12 * 1024 * 1024;
/** Of these, of one account, so that others find room. */
const MAX_UNSENT_PER_ACCOUNT = MAX_UNSENT / 4;
/** A reader that takes longer than this for one page may be cut off. */
const STUCK_MS = 30_000;

/** A page of a log, and about how many bytes it has. */
export interface LogPageResponse {
  readonly body: object;
  readonly bytes: number;
}

interface Unsent {
  readonly accountId: string;
  readonly reply: FastifyReply;
  readonly bytes: number;
  readonly since: number;
}

/**
 * Responds with pages of logs, within a limit of memory for all of them: pages are read in order of arrival, a few at a
 * time, and only while there is room for another one that waits to be received: for all, and for the account. A reader is cut
 * off only when it has been receiving its page for half a minute, and the room is needed.
 */
@Injectable()
export class LogPages {
  private readonly turns = new FairQueue(MAX_READING, TURN_MS, MAX_WAITING);
  /** The oldest first. */
  private readonly unsent = new Set<Unsent>();
  private readonly waiting = new Set<() => void>();
  /** Bytes that wait to be received, and pages that are being read, which count as full. */
  private bytes = 0;
  /** The same of each account, with its pages that wait to be read. */
  private readonly bytesOf = new Map<string, number>();

  /** @throws {ApiError} service-unavailable, when the page could not be read soon enough */
  async send(
    { accountId }: Pick<Principal, 'accountId'>,
    reply: FastifyReply,
    read: () => Promise<LogPageResponse>,
  ): Promise<void> {
    const deadline = performance.now() + TURN_MS;
    const isShareFree = () => (this.bytesOf.get(accountId) ?? 0) + MAX_PAGE_BYTES <= MAX_UNSENT_PER_ACCOUNT;
    try {
      await this.until(isShareFree, deadline, accountId);
      this.countFor(accountId, MAX_PAGE_BYTES);
      try {
        await this.turns.run(() => this.readInTurn(accountId, reply, read, deadline));
      } finally {
        this.countFor(accountId, -MAX_PAGE_BYTES);
      }
    } catch (error) {
      if (!(error instanceof QueueTimeoutError)) throw error;
      throw new ApiError(
        'service-unavailable',
        'Too many logs are being read at the moment. Try again later.',
      );
    }
  }

  private async readInTurn(
    accountId: string,
    reply: FastifyReply,
    read: () => Promise<LogPageResponse>,
    deadline: number,
  ): Promise<void> {
    await this.until(() => this.bytes + MAX_PAGE_BYTES <= MAX_UNSENT, deadline);
    // Its client may have disconnected while it waited.
    if (reply.raw.destroyed) return;
    this.bytes += MAX_PAGE_BYTES;
    try {
      const { body, bytes } = await read();
      this.keep({ accountId, reply, bytes, since: performance.now() });
      // Not awaited: that would wait for the reader.
      void reply.send(body);
    } finally {
      this.bytes -= MAX_PAGE_BYTES;
      this.wake();
    }
  }

  /**
   * Waits until there is room. Makes some by cutting off readers that are stuck: those of the account, if given.
   *
   * @throws {QueueTimeoutError} when no room has become free by the deadline
   */
  private async until(hasRoom: () => boolean, deadline: number, accountId?: string): Promise<void> {
    while (!hasRoom()) {
      if (this.cutOffStuck(accountId)) continue;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw new QueueTimeoutError();
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, leftMs);
        this.waiting.add(wake);
      });
    }
  }

  private keep(unsent: Unsent): void {
    if (unsent.reply.raw.destroyed) return;
    this.unsent.add(unsent);
    this.bytes += unsent.bytes;
    this.countFor(unsent.accountId, unsent.bytes);
    unsent.reply.raw.once('close', () => this.drop(unsent));
  }

  private cutOffStuck(accountId: string | undefined): boolean {
    const isOfThem = (unsent: Unsent) => accountId === undefined || unsent.accountId === accountId;
    const oldest = [...this.unsent].find(isOfThem);
    if (oldest === undefined || performance.now() - oldest.since < STUCK_MS) return false;
    this.drop(oldest);
    oldest.reply.raw.destroy();
    return true;
  }

  private drop(unsent: Unsent): void {
    if (!this.unsent.delete(unsent)) return;
    this.bytes -= unsent.bytes;
    this.countFor(unsent.accountId, -unsent.bytes);
  }

  private countFor(accountId: string, bytes: number): void {
    const now = (this.bytesOf.get(accountId) ?? 0) + bytes;
    if (now === 0) this.bytesOf.delete(accountId);
    else this.bytesOf.set(accountId, now);
    if (bytes < 0) this.wake();
  }

  private wake(): void {
    for (const wake of [...this.waiting]) wake();
  }
}
