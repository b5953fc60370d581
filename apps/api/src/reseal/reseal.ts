import { UnsealError, type Sealer, sealIdentity } from '@nexos/crypto';
import type { UnitOfWork } from '@nexos/database';
import { COMMAND_ACTOR } from '@nexos/domain';
import { recordAudit, SEALED_TABLES, type SealedTable, type SealedValuesRepository } from '@nexos/state';

const BATCH = 100;
/** Limits the retries for values that others keep changing; those are sealed by their writers. */
const MAX_PASSES = 10;

/** Returns the seal identity of a value, by its table and the key of its row. */
const IDENTITIES: Readonly<Record<SealedTable, (key: readonly string[]) => string>> = {
  env_vars: ([id = '']) => sealIdentity.envVar(id),
  webhooks: ([id = '']) => sealIdentity.webhook(id),
  webhook_secrets: ([id = '']) => sealIdentity.webhookSecret(id),
  registries: ([id = '']) => sealIdentity.registry(id),
  idempotency_keys: ([accountId = '', key = '']) => sealIdentity.idempotencyKey(accountId, key),
  project_services: ([projectId = '', kind = '']) => sealIdentity.projectService(projectId, kind),
  container_runs: ([id = '']) => sealIdentity.containerOutput(id),
  environment_services: ([environmentId = '', kind = '']) =>
    sealIdentity.environmentService(environmentId, kind),
  github_app: ([appId = '']) => sealIdentity.githubApp(appId),
  swarm_entrance: () => sealIdentity.joinToken(),
};

/** The result for the sealed values of one table. */
export interface ResealCount {
  readonly table: string;
  resealed: number;
  current: number;
  /** Rows that none of our keys decrypts. */
  readonly unreadable: string[];
}

/**
 * Re-encrypts values of other keys with the current key. Works row by row, and replaces a value only if it has not
 * changed since it was read, so that it can be interrupted, repeated, and run while others write.
 */
export async function reseal(values: SealedValuesRepository, sealer: Sealer): Promise<ResealCount[]> {
  const counts: ResealCount[] = [];
  for (const table of SEALED_TABLES) {
    let count = await resealTable(values, sealer, table);
    let { resealed } = count;
    for (let pass = 2; count.changed > 0 && pass <= MAX_PASSES; pass++) {
      count = await resealTable(values, sealer, table);
      resealed += count.resealed;
    }
    const { current, unreadable } = count;
    counts.push({ table, resealed, current: current - (resealed - count.resealed), unreadable });
  }
  return counts;
}

/** Records in the audit log how many secrets were encrypted with the current key, unless none was. */
export async function auditReseal(unitOfWork: UnitOfWork, counts: readonly ResealCount[]): Promise<void> {
  const resealed = counts.filter((count) => count.resealed > 0);
  if (resealed.length === 0) return;
  const after = Object.fromEntries(resealed.map(({ table, resealed: count }) => [table, count]));
  await unitOfWork.run((transaction) =>
    recordAudit(transaction, { action: 'secrets.reseal', subject: null, actor: COMMAND_ACTOR, after }),
  );
}

/** Walks through all rows once. `changed` counts those that others changed in the meantime. */
async function resealTable(
  values: SealedValuesRepository,
  sealer: Sealer,
  table: SealedTable,
): Promise<ResealCount & { changed: number }> {
  const count = { table, resealed: 0, current: 0, unreadable: [] as string[], changed: 0 };
  for (let after: readonly string[] | null = null; ;) {
    const page = await values.page(table, after, BATCH);
    for (const value of page) {
      if (sealer.isCurrent(value.sealed)) {
        count.current++;
        continue;
      }
      const resealed = resealValue(sealer, value.sealed, IDENTITIES[table](value.key));
      if (resealed === null) count.unreadable.push(`${table}/${value.key.join('/')}`);
      else if (await values.replace(table, value, resealed)) count.resealed++;
      else count.changed++;
    }
    after = page.at(-1)?.key ?? null;
    if (page.length < BATCH) return count;
  }
}

function resealValue(sealer: Sealer, sealed: string, identity: string): string | null {
  try {
    return sealer.seal(sealer.open(sealed, identity), identity);
  } catch (error) {
    if (error instanceof UnsealError) return null;
    throw error;
  }
}
