import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Every place where the database keeps a sealed value: its column, and the columns that its row is known by. */
const PLACES = {
  env_vars: { key: ['id'], column: 'sealed_value' },
  idempotency_keys: { key: ['account_id', 'key'], column: 'response' },
  project_services: { key: ['project_id', 'kind'], column: 'sealed_password' },
  environment_services: { key: ['environment_id', 'kind'], column: 'sealed_password' },
  swarm_entrance: { key: ['id'], column: 'sealed_worker_token' },
} as const satisfies Readonly<Record<string, { key: readonly string[]; column: string }>>;

/** A table that has a sealed value in each row. */
export type SealedTable = keyof typeof PLACES;

export const SEALED_TABLES = Object.keys(PLACES) as SealedTable[];

export interface SealedValue {
  /** The columns that the row is known by, as text. */
  readonly key: readonly string[];
  readonly sealed: string;
}

/** What the database keeps sealed, table by table: for sealing it with another key. */
@Injectable()
export class SealedValuesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Finds the sealed values of a table in the order of their keys.
   *
   * @param after the key that the page before ended with
   */
  page(table: SealedTable, after: readonly string[] | null, limit: number): Promise<SealedValue[]> {
    const { column } = PLACES[table];
    const order = keyOf(table).join(', ');
    return this.unitOfWork.manager.query<SealedValue[]>(
      `SELECT ARRAY[${order}] AS key, ${column} AS sealed FROM ${table}
       WHERE ${column} IS NOT NULL ${after === null ? '' : `AND ${rowCompared(table, '>')}`}
       ORDER BY ${order} LIMIT ${limit}`,
      [...(after ?? [])],
    );
  }

  /** Replaces a sealed value, if the row still holds the one that was read. */
  async replace(table: SealedTable, { key, sealed }: SealedValue, replacement: string): Promise<boolean> {
    const { column } = PLACES[table];
    const [, updated] = await this.unitOfWork.manager.query<[unknown, number]>(
      `UPDATE ${table} SET ${column} = $${key.length + 1}
       WHERE ${rowCompared(table, '=')} AND ${column} = $${key.length + 2}`,
      [...key, replacement, sealed],
    );
    return updated === 1;
  }
}

function keyOf(table: SealedTable): string[] {
  return PLACES[table].key.map((name) => `${name}::text`);
}

function rowCompared(table: SealedTable, operator: '=' | '>'): string {
  const key = keyOf(table);
  return `(${key.join(', ')}) ${operator} (${key.map((_, index) => `$${index + 1}`).join(', ')})`;
}
