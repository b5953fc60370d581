import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource, UnitOfWork } from '@nexos/database';
import { type QuotaDrift, QuotaDriftRepository } from '@nexos/state';
import type { Installation } from './installation.js';

const MOST_ACCOUNTS = 1_000;

/** Compares the usage of all accounts of an installation with a recomputation, as the hourly check does. */
export async function quotaDrift({ env }: Pick<Installation, 'env'>): Promise<QuotaDrift[]> {
  const { database } = loadConfig({ database: DatabaseConfig }, env);
  const dataSource = await createDataSource(database).initialize();
  try {
    const quotas = new QuotaDriftRepository(new UnitOfWork(dataSource));
    const drifts: QuotaDrift[] = [];
    for (const id of await quotas.accountsAfter('', MOST_ACCOUNTS)) drifts.push(...(await quotas.check(id)));
    return drifts;
  } finally {
    await dataSource.destroy();
  }
}
