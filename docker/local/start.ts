import { withAppsLock, startApps, type RunningApps } from './apps.js';
import { compile } from './compile.js';
import { isFree } from './free-port.js';
import { defaultHome, root } from './home.js';
import { readOptions } from './options.js';
import { seconds, step, type Log } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { setup } from './setup.js';
import { SetupError, messageOf } from './setup-error.mjs';

const DEFAULT_PORT = '3000';
/** npm forwards to its script a signal that the terminal has already sent to both. */
const ECHO_MS = 500;

const USAGE = `Starts Nexos in the foreground: the API and its workers (integrations, builder, lifecycle, quota, agent). Ctrl-C stops them in
order; a second Ctrl-C kills them.

  npm start
  npm start -- --isolated-builds    with an engine of their own for builds (docs/operating/builds.md)

  HOST, PORT                where the API listens (default 127.0.0.1 and ${DEFAULT_PORT})
  DATABASE_URL, REDIS_URL   use these instead of the Postgres and Redis that setup starts
  DOCKER_HOST               use this Docker Engine instead of the local one
  LOG_LEVEL                 debug, info, warn, error

docs/reference/environment-variables.md lists all variables. To create an API key: npm run --silent api-key -- --name NAME
`;

export const log: Log = (line) => void process.stdout.write(`${line}\n`);

/** `npm start` */
export async function main(args: string[]): Promise<number> {
  const options = readOptions(USAGE, args, { 'isolated-builds': { type: 'boolean' } });
  return await runNexos({ builds: options['isolated-builds'] === true ? 'isolated' : 'shared' });
}

interface RunOptions {
  readonly nodeFlags?: readonly string[];
  readonly onReady?: (apps: RunningApps) => void;
  /** Which engine builds use; the present one by default. */
  readonly builds?: 'isolated' | 'shared';
}

/**
 * Sets up, compiles and migrates, then runs the apps until Ctrl-C.
 *
 * @param options `onReady` is called once the API answers
 * @returns the exit code
 */
export async function runNexos({ nodeFlags = [], onReady, builds }: RunOptions = {}): Promise<number> {
  const began = Date.now();
  const { PORT: port = DEFAULT_PORT, HOST: host = '127.0.0.1' } = process.env;
  if (!isPort(port)) throw new SetupError('PORT must be a number from 1 to 65535.');
  return await withAppsLock(defaultHome, log, async (lock) => {
    const system = await setup({ log, ...(builds && { builds }) });
    await compile({ log });
    if (!(await isFree(Number(port), host))) {
      throw new SetupError(`Port ${port} on ${host} is in use. Choose another port: PORT=3001 npm start`);
    }
    await migrate(system.env, log);
    const publicApiUrl = process.env.PUBLIC_API_URL || `http://127.0.0.1:${port}`;
    const env = { ...system.env, PORT: port, PUBLIC_API_URL: publicApiUrl };
    const apps = startApps({ env, builderEnv: system.builderEnv, nodeFlags, log, lock });
    let exitCode = 0;
    let failure: unknown;
    stopOnSignals(apps, () => (exitCode = 1));
    apps.ready.then(
      () => {
        const { BASE_DOMAIN: domain, PUBLIC_PORT: publicPort } = system.env;
        log(`\nNexos is ready after ${seconds(began)}.`);
        log(`  API            http://${host}:${port}/api, documented at /api/docs`);
        log('  an API key     npm run --silent api-key -- --name NAME');
        log(`  environments   http://{branch}-{project}.${domain}:${publicPort}`);
        log('  stop           Ctrl-C\n');
        onReady?.(apps);
      },
      (error: unknown) => {
        if (error !== failure) log(messageOf(error));
      },
    );
    try {
      await apps.ended;
      return exitCode;
    } catch (error) {
      failure = error;
      log('\nAn app failed. Stopping the others.');
      await apps.stop();
      log(`\n${messageOf(error)}`);
      return 1;
    }
  });
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

/** Runs the compiled migrations. */
export async function migrate(env: NodeJS.ProcessEnv, log: Log): Promise<void> {
  const command = ['dist/apps/api/src/commands/migrate.js'];
  const options = { cwd: root, env: { ...process.env, ...env } };
  await step(log, 'Migrating the database', () => runCommand(process.execPath, command, options));
}

/** The first signal stops the apps in order, the second kills them. */
function stopOnSignals(apps: RunningApps, onKill: () => void): void {
  let firstAt = 0;
  const stop = (): void => {
    if (firstAt === 0) {
      firstAt = Date.now();
      log('\nStopping. Press Ctrl-C again to kill the remaining processes.');
      void apps.stop();
    } else if (Date.now() - firstAt > ECHO_MS) {
      log('Killing the remaining processes.');
      onKill();
      apps.killAll();
    }
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}
