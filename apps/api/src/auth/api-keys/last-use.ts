import { ApiKeysRepository } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { TtlCache } from '../ttl-cache.js';

const EVERY_MS = 60_000;

/** Writes down when a key was last used: to the minute, and while nobody waits for it. */
@Injectable()
export class LastUse {
  private readonly logger = new Logger(LastUse.name);
  private readonly noted = new TtlCache<true>();

  constructor(private readonly keys: ApiKeysRepository) {}

  note(id: string): void {
    if (this.noted.get(id) !== undefined) return;
    this.noted.set(id, true, performance.now() + EVERY_MS);
    this.keys.recordUse(id).catch((error: unknown) => {
      this.logger.warn(`the last use of ${id} was not recorded: ${(error as Error).message}`);
    });
  }
}
