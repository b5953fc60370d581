import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { TtlCache } from '../ttl-cache.js';

const EVERY_MS = 60_000;

/** Writes down when a key was last used: to the minute, and while nobody waits for it. */
@Injectable()
export class LastUse {
  private readonly logger = new Logger(LastUse.name);
  private readonly noted = new TtlCache<true>();

  constructor(private readonly dataSource: DataSource) {}

  note(id: string): void {
    if (this.noted.get(id) !== undefined) return;
    this.noted.set(id, true, performance.now() + EVERY_MS);
    this.dataSource
      .query('UPDATE api_keys SET last_used_at = now() WHERE id = $1', [id])
      .catch((error: unknown) => {
        this.logger.warn(`when ${id} was last used could not be kept: ${(error as Error).message}`);
      });
  }
}
