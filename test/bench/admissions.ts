import { newId } from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { AccountsRepository, admitProject } from '@nexos/state';
import { TestDatabase } from '../support/database.js';
import type { TestSystem } from '../support/global-setup.js';
import { insertAccount, insertProject, push, sha } from '../support/rows.js';

const CONCURRENCY = 8;
const SECONDS = 3;
const READS = 100;
/** Active environments of accounts whose usage is read. */
const SIZES = [10, 100, 1_000];
const ENVIRONMENTS_PER_PROJECT = 10;

/** Admissions per second, and what a computation of the usage takes. */
export interface AdmissionFigures {
  /** A row of a counter that is compared and increased, beside the insert. */
  readonly counterPerSecond: number;
  readonly admissionsPerSecond: number;
  /** Milliseconds of one computation, by the active environments of the account. */
  readonly usageMs: Readonly<Record<number, number>>;
}

/** Measures the admission of projects of one account, against a bare counter row, and what a computation of the usage takes. */
export async function measureAdmissions(system: TestSystem): Promise<AdmissionFigures> {
  const database = await TestDatabase.create(system);
  try {
    const figures = await measure(database);
    const { counterPerSecond, admissionsPerSecond, usageMs } = figures;
    const ratio = (admissionsPerSecond / counterPerSecond).toFixed(2);
    process.stdout.write(
      `projects of one account, admitted one after the other\n` +
        `  counter row ${counterPerSecond.toFixed(0)} /s   Nexos ${admissionsPerSecond.toFixed(0)} /s   ratio ${ratio}\n`,
    );
    for (const [size, ms] of Object.entries(usageMs)) {
      process.stdout.write(`usage of an account with ${size} active environments   ${ms.toFixed(2)} ms\n`);
    }
    return figures;
  } finally {
    await database.drop();
  }
}

async function measure(database: TestDatabase): Promise<AdmissionFigures> {
  await database.dataSource.query('CREATE TABLE counters (id text PRIMARY KEY, count integer NOT NULL)');
  const usageMs: Record<number, number> = {};
  for (const size of SIZES) usageMs[size] = await msOfUsage(database, size);
  // A turn each to warm up.
  await rateOf(database, countProject);
  await rateOf(database, admitted);
  return {
    counterPerSecond: await rateOf(database, countProject),
    admissionsPerSecond: await rateOf(database, admitted),
    usageMs,
  };
}

type Admit = (unitOfWork: UnitOfWork, accountId: string) => Promise<void>;

async function countProject(unitOfWork: UnitOfWork, accountId: string): Promise<void> {
  await unitOfWork.run(async ({ manager }) => {
    const [, counted] = await manager.query<[unknown, number]>(
      'UPDATE counters SET count = count + 1 WHERE id = $1 AND count < 1000000',
      [accountId],
    );
    if (counted === 0) throw new Error('the counter is full');
    await insertOne(manager, accountId);
  });
}

async function admitted(unitOfWork: UnitOfWork, accountId: string): Promise<void> {
  await unitOfWork.run(async (transaction) => {
    await admitProject(transaction, accountId);
    await insertOne(transaction.manager, accountId);
  });
}

async function insertOne(manager: UnitOfWork['manager'], accountId: string): Promise<void> {
  await manager.query(
    `INSERT INTO projects (id, account_id, name, slug, github_repo, repository_key) VALUES ($1, $2, $1, $1, $1, $1)`,
    [newId('project'), accountId],
  );
}

/** Admits projects of a new account for some seconds; returns how many per second. */
async function rateOf({ dataSource }: TestDatabase, admit: Admit): Promise<number> {
  const accountId = await insertAccount(dataSource.manager);
  await dataSource.query('INSERT INTO counters VALUES ($1, 0)', [accountId]);
  const unitOfWork = new UnitOfWork(dataSource);
  const began = performance.now();
  const endsAt = began + SECONDS * 1_000;
  let count = 0;
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
      for (; performance.now() < endsAt; count++) await admit(unitOfWork, accountId);
    }),
  );
  return (count / (performance.now() - began)) * 1_000;
}

async function msOfUsage(database: TestDatabase, size: number): Promise<number> {
  const { manager } = database.dataSource;
  const accountId = await insertAccount(manager);
  for (let at = 0; at < size; at += ENVIRONMENTS_PER_PROJECT) {
    const project = await insertProject(manager, { accountId });
    for (let branch = 0; branch < ENVIRONMENTS_PER_PROJECT; branch++) {
      await push(database.unitOfWork, project, { branch: `b${branch}`, after: sha(at + branch + 1) });
    }
  }
  await manager.query('ANALYZE');
  const accounts = new AccountsRepository(database.unitOfWork);
  const began = performance.now();
  for (let read = 0; read < READS; read++) await accounts.usageOf(accountId);
  return (performance.now() - began) / READS;
}
