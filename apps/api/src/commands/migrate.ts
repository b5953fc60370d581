import { DatabaseConfig, loadConfigOrExit } from '@nexos/config';
import { createDataSource, migrate } from '@nexos/database';

/** Runs the pending database migrations: `node dist/apps/api/src/commands/migrate.js`. */
const config = loadConfigOrExit({ database: DatabaseConfig });
const dataSource = await createDataSource(config.database).initialize();
try {
  const ran = await migrate(dataSource);
  process.stderr.write(ran.length === 0 ? 'the schema is up to date\n' : `ran ${ran.join(', ')}\n`);
} finally {
  await dataSource.destroy();
}
