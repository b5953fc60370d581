import { ApiKeysRepository, type KeyUse } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { LRUCache } from 'lru-cache';

const INTERVAL_MS = 60_000;
const MAX_KEYS = 10_000;

/** Records when, and by whom, a key was last used: to the minute, and in the background. */
@Injectable()
export class LastUse {
  private readonly logger = new Logger(LastUse.name);
  private readonly noted = new LRUCache<string, true>({ max: MAX_KEYS, ttl: INTERVAL_MS });

  constructor(private readonly keys: ApiKeysRepository) {}

  /** @param fingerprint of the key's secret, if it is not stored yet */
  note(id: string, client: KeyUse, fingerprint: string | null): void {
    if (this.noted.has(id)) return;
    this.noted.set(id, true);
    this.keys.recordUse(id, client, fingerprint).catch((error: unknown) => {
      this.logger.warn(`could not record the last use of ${id}: ${(error as Error).message}`);
    });
  }
}
