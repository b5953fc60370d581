import { parseArgs } from 'node:util';
import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource, migrate } from '@nexos/database';
import { ApiKeysService } from '../auth/api-keys.service.js';

const USAGE = `Prints a new API key for the operator's account, which is made if there is none.

  npm run --silent api-key -- --name NAME

  --name NAME   what the key is for, 1 to 100 characters
  --help        this text

The key is shown once; only a hash of it is kept.
`;
const OPERATOR = 'operator';

function readName(): string {
  try {
    const { values } = parseArgs({ options: { name: { type: 'string' }, help: { type: 'boolean' } } });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const name = values.name?.trim() ?? '';
    if (name.length > 0 && name.length <= 100 && !/\p{Cc}/u.test(name)) return name;
    process.stderr.write(`--name is missing or not 1 to 100 plain characters\n\n${USAGE}`);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
  }
  process.exit(2);
}

const name = readName();
const config = loadConfig({ database: DatabaseConfig });
const dataSource = await createDataSource(config.database).initialize();
try {
  await migrate(dataSource);
  process.stdout.write(`${await new ApiKeysService(dataSource).create(OPERATOR, name)}\n`);
} finally {
  await dataSource.destroy();
}
