import { SealBrokenError, type Sealer, sealIdentity } from '@nexos/crypto';
import type { DataSource } from 'typeorm';

const BATCH = 100;
/** A value that is sealed by others each time that it is looked at is left to them in the end. */
const MAX_PASSES = 10;

interface SealedColumn {
  readonly table: string;
  readonly key: readonly string[];
  readonly column: string;
  /** @param key the columns of `key`, as text */
  readonly identity: (key: readonly string[]) => string;
}

/** Every place where the database keeps what is sealed. */
const COLUMNS: readonly SealedColumn[] = [
  {
    table: 'env_vars',
    key: ['id'],
    column: 'sealed_value',
    identity: ([id = '']) => sealIdentity.envVar(id),
  },
  {
    table: 'idempotency_keys',
    key: ['account_id', 'key'],
    column: 'response',
    identity: ([accountId = '', key = '']) => sealIdentity.idempotencyKey(accountId, key),
  },
  {
    table: 'project_services',
    key: ['project_id', 'kind'],
    column: 'sealed_password',
    identity: ([projectId = '', kind = '']) => sealIdentity.projectService(projectId, kind),
  },
  {
    table: 'environment_services',
    key: ['environment_id', 'kind'],
    column: 'sealed_password',
    identity: ([environmentId = '', kind = '']) => sealIdentity.environmentService(environmentId, kind),
  },
  {
    table: 'swarm_entrance',
    key: ['id'],
    column: 'sealed_worker_token',
    identity: () => sealIdentity.swarmEntrance(),
  },
];

/** What became of the sealed values of one table. */
export interface ResealCount {
  readonly table: string;
  resealed: number;
  current: number;
  /** Rows that no key of ours opens. */
  readonly unreadable: string[];
}

/**
 * Seals with the present key what another key sealed, row by row, each only if it still holds what was read: it may
 * be interrupted, repeated, and run while others write.
 */
export async function reseal(dataSource: DataSource, sealer: Sealer): Promise<ResealCount[]> {
  const counts: ResealCount[] = [];
  for (const column of COLUMNS) {
    let count = await resealColumn(dataSource, sealer, column);
    let { resealed } = count;
    for (let pass = 2; count.changed > 0 && pass <= MAX_PASSES; pass++) {
      count = await resealColumn(dataSource, sealer, column);
      resealed += count.resealed;
    }
    const { current, unreadable } = count;
    counts.push({
      table: column.table,
      resealed,
      current: current - (resealed - count.resealed),
      unreadable,
    });
  }
  return counts;
}

/** One walk through all rows; `changed` are those that somebody else wrote meanwhile. */
async function resealColumn(
  dataSource: DataSource,
  sealer: Sealer,
  { table, key, column, identity }: SealedColumn,
): Promise<ResealCount & { changed: number }> {
  const count = { table, resealed: 0, current: 0, unreadable: [] as string[], changed: 0 };
  const keyText = key.map((name) => `${name}::text`);
  const order = keyText.join(', ');
  const place = (from: number) =>
    `(${order}) ${from === 0 ? '=' : '>'} (${key.map((_, i) => `$${i + 1}`).join(', ')})`;
  for (let after: string[] | null = null; ;) {
    const rows: { key: string[]; sealed: string }[] = await dataSource.query(
      `SELECT ARRAY[${order}] AS key, ${column} AS sealed FROM ${table}
       WHERE ${column} IS NOT NULL ${after === null ? '' : `AND ${place(1)}`} ORDER BY ${order} LIMIT ${BATCH}`,
      after ?? [],
    );
    for (const row of rows) {
      if (sealer.isCurrent(row.sealed)) {
        count.current++;
        continue;
      }
      const anew = sealAnew(sealer, row.sealed, identity(row.key));
      if (anew === null) {
        count.unreadable.push(`${table}/${row.key.join('/')}`);
        continue;
      }
      const [, updated] = await dataSource.query<[unknown, number]>(
        `UPDATE ${table} SET ${column} = $${key.length + 1} WHERE ${place(0)} AND ${column} = $${key.length + 2}`,
        [...row.key, anew, row.sealed],
      );
      if (updated === 1) count.resealed++;
      else count.changed++;
    }
    after = rows.at(-1)?.key ?? null;
    if (rows.length < BATCH) return count;
  }
}

function sealAnew(sealer: Sealer, sealed: string, belongsTo: string): string | null {
  try {
    return sealer.seal(sealer.open(sealed, belongsTo), belongsTo);
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}
