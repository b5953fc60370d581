import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** Every table with a sealed value: the value's column, and the columns that identify a row. */
const SEALED_COLUMNS = {
  env_vars: { key: ['id'], column: 'sealed_value' },
  webhooks: { key: ['id'], column: 'sealed_secret' },
  webhook_secrets: { key: ['id'], column: 'sealed_secret' },
  registries: { key: ['id'], column: 'sealed_password' },
  idempotency_keys: { key: ['account_id', 'key'], column: 'response' },
  project_services: { key: ['project_id', 'kind'], column: 'sealed_password' },
  environment_services: { key: ['environment_id', 'kind'], column: 'sealed_password' },
  container_runs: { key: ['id'], column: 'sealed_lines' },
  github_app: { key: ['app_id'], column: 'sealed_credentials' },
  swarm_entrance: { key: ['id'], column: 'sealed_worker_token' },
} as const satisfies Readonly<Record<string, { key: readonly string[]; column: string }>>;

/** A table with a sealed value in each row. */
export type SealedTable = keyof typeof SEALED_COLUMNS;

export const SEALED_TABLES = Object.keys(SEALED_COLUMNS) as SealedTable[];

export interface SealedValue {
  /** The columns that identify the row, as text. */
  readonly key: readonly string[];
  readonly sealed: string;
}

/** Reads and replaces sealed values, table by table, to seal them with another key. */
@Injectable()
export class SealedValuesRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /**
   * Finds the sealed values of a table, ordered by key.
   *
   * @param after the last key of the previous page
   */
  page(table: SealedTable, after: readonly string[] | null, limit: number): Promise<SealedValue[]> {
    const { column } = SEALED_COLUMNS[table];
    const order = keyOf(table).join(', ');
    return this.unitOfWork.manager.query<SealedValue[]>(
      `SELECT ARRAY[${order}] AS key, ${column} AS sealed FROM ${table}
       WHERE ${column} IS NOT NULL ${after === null ? '' : `AND ${keyComparison(table, '>')}`}
       ORDER BY ${order} LIMIT ${limit}`,
      [...(after ?? [])],
    );
  }

  /** Replaces a sealed value, if the row still has the value that was read. */
  async replace(table: SealedTable, { key, sealed }: SealedValue, replacement: string): Promise<boolean> {
    const { column } = SEALED_COLUMNS[table];
    const [, updated] = await this.unitOfWork.manager.query<[unknown, number]>(
      `UPDATE ${table} SET ${column} = $${key.length + 1}
       WHERE ${keyComparison(table, '=')} AND ${column} = $${key.length + 2}`,
      [...key, replacement, sealed],
    );
    return updated === 1;
  }
}

function keyOf(table: SealedTable): string[] {
  return SEALED_COLUMNS[table].key.map((name) => `${name}::text`);
}

function keyComparison(table: SealedTable, operator: '=' | '>'): string {
  const key = keyOf(table);
  return `(${key.join(', ')}) ${operator} (${key.map((_, index) => `$${index + 1}`).join(', ')})`;
}
