import { parseArgs } from 'node:util';
import { DatabaseConfig, EncryptionConfig, loadConfigOrExit } from '@nexos/config';
import { Sealer } from '@nexos/crypto';
import { createDataSource, migrate, UnitOfWork } from '@nexos/database';
import { SealedValuesRepository } from '@nexos/state';
import { auditReseal, reseal, type ResealCount } from '../reseal/reseal.js';

const USAGE = `Re-encrypts every secret in the database that is not encrypted with ENCRYPTION_KEY.

  npm run reseal
  node dist/apps/api/src/commands/reseal.js

Give every app the new key as ENCRYPTION_KEY and the old key in ENCRYPTION_KEYS_OLD, restart the apps, then run this
command. You can interrupt and repeat it, and run it while the apps run. Once it reports that every secret is encrypted
with ENCRYPTION_KEY, remove the old key from ENCRYPTION_KEYS_OLD. The exit code is 1 if a secret cannot be decrypted with
any of the keys.
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

function report({ table, resealed, current, unreadable }: ResealCount): void {
  const suffix = unreadable.length === 0 ? '' : `, ${unreadable.length} unreadable`;
  process.stdout.write(
    `${table}: ${resealed} re-encrypted, ${current} already encrypted with ENCRYPTION_KEY${suffix}\n`,
  );
  for (const row of unreadable) process.stderr.write(`no key decrypts ${JSON.stringify(row)}\n`);
}

readArguments();
const config = loadConfigOrExit({ database: DatabaseConfig, encryption: EncryptionConfig });
const dataSource = await createDataSource(config.database).initialize();
try {
  await migrate(dataSource);
  const unitOfWork = new UnitOfWork(dataSource);
  const counts = await reseal(new SealedValuesRepository(unitOfWork), new Sealer(config.encryption));
  await auditReseal(unitOfWork, counts);
  counts.forEach(report);
  const isDone = counts.every(({ unreadable }) => unreadable.length === 0);
  if (isDone) process.stdout.write('every secret is encrypted with ENCRYPTION_KEY\n');
  else process.exitCode = 1;
} finally {
  await dataSource.destroy();
}
