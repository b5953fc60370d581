import { ApiKeysRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const EVERY_MS = 60_000;
const KEYS_REMEMBERED = 10_000;

/** Writes down when a key was last used: to the minute, and while nobody waits for it. */
@Injectable()
export class LastUse {
  private readonly logger = new Logger(LastUse.name);
  private readonly noted = new LRUCache<string, true>({ max: KEYS_REMEMBERED, ttl: EVERY_MS });

  constructor(private readonly keys: ApiKeysRepository) {}

  note(id: string): void {
    if (this.noted.has(id)) return;
    this.noted.set(id, true);
    this.keys.recordUse(id).catch((error: unknown) => {
      this.logger.warn(`the last use of ${id} was not recorded: ${(error as Error).message}`);
    });
  }
}
