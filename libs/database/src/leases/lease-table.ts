import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { affected } from '../affected.js';

/** The tables whose rows a worker can lease. */
export type Leasable = 'environments' | 'projects' | 'executions';

/**
 * Stores leases in columns of the rows they protect: an owner, an epoch that increases with every new owner, and an
 * expiry. Uses the database's time, so that the clocks of workers do not matter.
 */
@Injectable()
export class LeaseTable {
  constructor(private readonly dataSource: DataSource) {}

  /** Acquires the lease if it is free; returns its epoch, or null. */
  async acquire(of: Leasable, id: string, owner: string, leaseMs: number): Promise<string | null> {
    const [rows] = await this.dataSource.query<[{ lease_epoch: string }[], number]>(
      `UPDATE ${of} SET lease_owner = $2, lease_epoch = lease_epoch + 1,
         lease_until = now() + make_interval(secs => $3 / 1000.0)
       WHERE id = $1 AND (lease_until IS NULL OR lease_until < now())
       RETURNING lease_epoch`,
      [id, owner, leaseMs],
    );
    return rows[0]?.lease_epoch ?? null;
  }

  /** Extends the lease; returns false when it was lost. */
  async renew(of: Leasable, id: string, epoch: string, leaseMs: number): Promise<boolean> {
    return affected(
      await this.dataSource.query(
        `UPDATE ${of} SET lease_until = now() + make_interval(secs => $3 / 1000.0)
         WHERE id = $1 AND lease_epoch = $2 AND lease_until IS NOT NULL`,
        [id, epoch, leaseMs],
      ),
    );
  }

  /** Returns whether the lease is still held and has not expired. */
  async isHeld(of: Leasable, id: string, epoch: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM ${of} WHERE id = $1 AND lease_epoch = $2 AND lease_until > now()`,
      [id, epoch],
    );
    return rows.length > 0;
  }

  /** Releases the lease; does nothing when it was lost. */
  async release(of: Leasable, id: string, epoch: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE ${of} SET lease_owner = NULL, lease_until = NULL WHERE id = $1 AND lease_epoch = $2`,
      [id, epoch],
    );
  }
}
