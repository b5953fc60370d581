import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
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

/** A page of a log, and about how many bytes it has. */
export interface LogPageResponse {
  readonly body: object;
  readonly bytes: number;
}

interface Unsent {
  readonly reply: FastifyReply;
  readonly bytes: number;
}

/**
 * Responds with pages of logs, within a limit of memory for all of them: pages are read in order of arrival, a few at a
 * time. When too much is waiting to be received, the reader that has been receiving for the longest is cut off.
 */
@Injectable()
export class LogPages {
  private readonly turns = new FairQueue(MAX_READING, TURN_MS, MAX_WAITING);
  private readonly unsent = new Set<Unsent>();
  private bytes = 0;

  /** @throws {ApiError} service-unavailable, when the page could not be read soon enough */
  async send(reply: FastifyReply, read: () => Promise<LogPageResponse>): Promise<void> {
    try {
      await this.turns.run(async () => {
        // Its client may have disconnected while it waited.
        if (reply.raw.destroyed) return;
        const { body, bytes } = await read();
        this.keep({ reply, bytes });
        // Not awaited: that would wait for the reader.
        void reply.send(body);
      });
    } catch (error) {
      if (!(error instanceof QueueTimeoutError)) throw error;
      throw new ApiError(
        'service-unavailable',
        'Too many logs are being read at the moment. Try again later.',
      );
    }
  }

  private keep(unsent: Unsent): void {
    if (unsent.reply.raw.destroyed) return;
    this.unsent.add(unsent);
    this.bytes += unsent.bytes;
    unsent.reply.raw.once('close', () => this.drop(unsent));
    for (const slowest of this.unsent) {
      if (this.bytes <= MAX_UNSENT || slowest === unsent) break;
      this.drop(slowest);
      slowest.reply.raw.destroy();
    }
  }

  private drop(unsent: Unsent): void {
    if (this.unsent.delete(unsent)) this.bytes -= unsent.bytes;
  }
}
