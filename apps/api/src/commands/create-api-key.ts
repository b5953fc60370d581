import { parseArgs } from 'node:util';
import { DatabaseConfig, loadConfigOrExit } from '@nexos/config';
import { createDataSource, migrate, UnitOfWork } from '@nexos/database';
import { type Scope, SCOPES } from '@nexos/domain';
import { AccountsRepository } from '@nexos/state';
import { issueApiKey } from '../auth/api-keys/issue-api-key.js';

const USAGE = `Creates and prints an API key for the operator's account. Creates the account if it does not exist.

  npm run --silent api-key -- --name NAME [--scopes LIST]

  --name NAME     name of the key, 1 to 100 characters
  --scopes LIST   scopes of the key, separated by commas: ${SCOPES.join(', ')} (default: all)
  --help          show this text

The key is shown only once; Nexos stores a hash of it.
`;
const OPERATOR = { name: 'operator', plan: 'operator', isOperator: true } as const;

function readArguments(): { name: string; scopes: Scope[] } {
  try {
    const { values } = parseArgs({
      options: { name: { type: 'string' }, scopes: { type: 'string' }, help: { type: 'boolean' } },
    });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const requested = (values.scopes ?? SCOPES.join(',')).split(',').map((scope) => scope.trim());
    const scopes = SCOPES.filter((scope) => requested.includes(scope));
    const name = values.name?.trim() ?? '';
    if (name.length === 0 || name.length > 100 || /\p{Cc}/u.test(name)) {
      throw new TypeError('--name is required and must have 1 to 100 characters without control characters.');
    }
    if (requested.some((scope) => !SCOPES.some((known) => known === scope))) {
      throw new TypeError(`--scopes must list one or more of ${SCOPES.join(', ')}, separated by commas.`);
    }
    return { name, scopes };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const requested = readArguments();
const config = loadConfigOrExit({ database: DatabaseConfig });
const dataSource = await createDataSource(config.database).initialize();
try {
  await migrate(dataSource);
  const unitOfWork = new UnitOfWork(dataSource);
  const accountId = await new AccountsRepository(unitOfWork).ensureLocal(OPERATOR);
  const plaintext = await issueApiKey(unitOfWork, { ...requested, accountId, expiresAt: null });
  process.stdout.write(`${plaintext}\n`);
} finally {
  await dataSource.destroy();
}
