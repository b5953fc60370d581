import type { ServerResponse } from 'node:http';
import { FairQueue, QueueTimeoutError } from './fair-queue.js';

/** Requests of one account that are handled, or whose responses are not received yet, per process. */
export const SLOTS_PER_ACCOUNT = 16;
/** How many more wait, and for how long. */
const MAX_WAITING = 1_000;
const WAIT_MS = 10_000;
/** A client that takes longer than this to receive a response loses it, when the account has no other slot. */
const STUCK_MS = 30_000;

/** A request that has its slot. */
export interface RequestSlot {
  /** Called when the request is handled. The slot is free once the response is received as well. */
  readonly handled: () => void;
}

interface TakenSlot {
  readonly response: ServerResponse;
  readonly free: () => void;
  /** When the request was handled; null before. */
  handledAt: number | null;
}

/** The slots of one account that has requests. */
interface Account {
  readonly queue: FairQueue;
  readonly taken: Set<TakenSlot>;
  requests: number;
}

/**
 * Limits how many requests of one account are in progress, so that a burst of one account delays those of others by a few
 * requests only, and responses that nobody receives stay few. Further requests of the account wait in order of arrival.
 */
export class RequestSlots {
  private readonly accounts = new Map<string, Account>();
  private readonly byResponse = new WeakMap<ServerResponse, TakenSlot>();

  /**
   * Waits for a slot.
   *
   * @throws {QueueTimeoutError} when none became free in time, or too many requests of the account wait
   */
  async take(accountId: string, response: ServerResponse): Promise<RequestSlot> {
    const account = this.accounts.get(accountId) ?? this.begin(accountId);
    account.requests++;
    if (account.taken.size >= SLOTS_PER_ACCOUNT) cutOffStuck(account);
    return new Promise((resolve, reject) => {
      account.queue
        .run(() => new Promise<void>((free) => resolve(this.hold(account, response, free))))
        .catch((error: unknown) => reject(error as QueueTimeoutError))
        .finally(() => {
          account.requests--;
          if (account.requests === 0) this.accounts.delete(accountId);
        });
    });
  }

  /** Frees the slot of a request that only waits from now on, within a limit of its own. */
  release(response: ServerResponse): void {
    this.byResponse.get(response)?.free();
  }

  private begin(accountId: string): Account {
    const queue = new FairQueue(SLOTS_PER_ACCOUNT, WAIT_MS, MAX_WAITING);
    const account = { queue, taken: new Set<TakenSlot>(), requests: 0 };
    this.accounts.set(accountId, account);
    return account;
  }

  private hold({ taken }: Account, response: ServerResponse, passOn: () => void): RequestSlot {
    const free = () => {
      taken.delete(slot);
      passOn();
    };
    const slot: TakenSlot = { response, free, handledAt: null };
    taken.add(slot);
    this.byResponse.set(response, slot);
    return {
      handled: () => {
        slot.handledAt = performance.now();
        // A client that disconnected before emits no further event.
        if (response.destroyed) free();
        else response.once('close', free);
      },
    };
  }
}

/** Ends the response that has waited longest for its client, if that is too long. */
function cutOffStuck({ taken }: Account): void {
  const now = performance.now();
  for (const { response, free, handledAt } of taken) {
    if (handledAt === null || now - handledAt < STUCK_MS) continue;
    free();
    response.destroy();
    return;
  }
}
