import { parseArgs } from 'node:util';
import { DatabaseConfig, EncryptionConfig, loadConfigOrExit } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import { createDataSource, migrate, UnitOfWork } from '@nexos/database';
import { SealedValuesRepository } from '@nexos/state';
import { reseal, type ResealCount } from '../reseal/reseal.js';

const USAGE = `Seals every secret in the database with ENCRYPTION_KEY that another key has sealed.

  npm run reseal
  node dist/apps/api/src/commands/reseal.js

Give every app the new key as ENCRYPTION_KEY and the one before in ENCRYPTION_KEYS_OLD, restart them, and then run
this. It may be interrupted and repeated, while the apps run. Once it says that nothing is left, the old key can be
taken out of ENCRYPTION_KEYS_OLD. It ends with 1 when there is something that none of the keys opens.
`;

function readArguments(): void {
  try {
    if (parseArgs({ options: { help: { type: 'boolean' } } }).values.help !== true) return;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function tell({ table, resealed, current, unreadable }: ResealCount): void {
  const rest = unreadable.length === 0 ? '' : `, ${unreadable.length} cannot be opened`;
  process.stdout.write(`${table}: ${resealed} sealed anew, ${current} already sealed with this key${rest}\n`);
  for (const row of unreadable) process.stderr.write(`cannot be opened: ${JSON.stringify(row)}\n`);
}

readArguments();
const config = loadConfigOrExit({ database: DatabaseConfig, encryption: EncryptionConfig });
const dataSource = await createDataSource(config.database).initialize();
try {
  await migrate(dataSource);
  const counts = await reseal(
    new SealedValuesRepository(new UnitOfWork(dataSource)),
    new Sealer(config.encryption),
  );
  counts.forEach(tell);
  const isDone = counts.every(({ unreadable }) => unreadable.length === 0);
  if (isDone) process.stdout.write('nothing is left that another key has sealed\n');
  else process.exitCode = 1;
} finally {
  await dataSource.destroy();
}
