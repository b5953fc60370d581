import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource, UnitOfWork } from '@nexos/database';
import { BuildUsageRepository, type QuotaDrift, QuotaDriftRepository, type UsageDrift } from '@nexos/state';
import type { Installation } from './installation.js';

const MOST_ACCOUNTS = 1_000;

/** Compares the usage of all accounts of an installation with a recomputation, as the hourly check does. */
export async function quotaDrift({ env }: Pick<Installation, 'env'>): Promise<(QuotaDrift | UsageDrift)[]> {
  const { database } = loadConfig({ database: DatabaseConfig }, env);
  const dataSource = await createDataSource(database).initialize();
  try {
    const unitOfWork = new UnitOfWork(dataSource);
    const quotas = new QuotaDriftRepository(unitOfWork);
    const drifts: (QuotaDrift | UsageDrift)[] = await new BuildUsageRepository(unitOfWork).findDrift();
    for (const id of await quotas.accountsAfter('', MOST_ACCOUNTS)) drifts.push(...(await quotas.check(id)));
    return drifts;
  } finally {
    await dataSource.destroy();
  }
}
