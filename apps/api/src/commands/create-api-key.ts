import { parseArgs } from 'node:util';
import { DatabaseConfig, loadConfigOrExit } from '@nexos/config';
import { createDataSource, migrate, UnitOfWork } from '@nexos/database';
import { type Scope, SCOPES } from '@nexos/domain';
import { AccountsRepository, ApiKeysRepository } from '@nexos/state';
import { issueApiKey } from '../auth/api-keys/issue-api-key.js';

const USAGE = `Prints a new API key for the operator's account, which is made if there is none.

  npm run --silent api-key -- --name NAME [--scopes LIST]

  --name NAME     what the key is for, 1 to 100 characters
  --scopes LIST   what it may be used for, separated by commas: ${SCOPES.join(', ')} (default: all)
  --help          this text

The key is shown once; only a hash of it is kept.
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
    const asked = (values.scopes ?? SCOPES.join(',')).split(',').map((scope) => scope.trim());
    const scopes = SCOPES.filter((scope) => asked.includes(scope));
    const name = values.name?.trim() ?? '';
    if (name.length === 0 || name.length > 100 || /\p{Cc}/u.test(name)) {
      throw new TypeError('--name is missing or not 1 to 100 plain characters');
    }
    if (asked.some((scope) => !SCOPES.some((known) => known === scope))) {
      throw new TypeError(`--scopes takes ${SCOPES.join(', ')}, separated by commas`);
    }
    return { name, scopes };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

const wanted = readArguments();
const config = loadConfigOrExit({ database: DatabaseConfig });
const dataSource = await createDataSource(config.database).initialize();
try {
  await migrate(dataSource);
  const unitOfWork = new UnitOfWork(dataSource);
  const accountId = await new AccountsRepository(unitOfWork).ensureLocal(OPERATOR);
  const plaintext = await issueApiKey(new ApiKeysRepository(unitOfWork), {
    ...wanted,
    accountId,
    expiresAt: null,
  });
  process.stdout.write(`${plaintext}\n`);
} finally {
  await dataSource.destroy();
}
