// @ts-check
import { parseArgs } from 'node:util';
import { isFree } from './free-port.mjs';
import { compile } from './compile.mjs';
import { isMain } from './is-main.mjs';
import { migrate } from './migrate.mjs';
import { seconds } from './progress.mjs';
import { setup } from './setup.mjs';
import { SetupError, exitWith, messageOf } from './setup-error.mjs';
import { startApps } from './supervisor.mjs';

export { migrate } from './migrate.mjs';
export { startApps } from './supervisor.mjs';

const DEFAULT_PORT = '3000';

const USAGE = `npm start

Starts Nexos in the foreground: the API and its workers (integrations, builder, lifecycle, quota). Ctrl-C stops them in order.

  PORT                      of the API (${DEFAULT_PORT}); HOST is its address (127.0.0.1)
  DATABASE_URL, REDIS_URL   a Postgres and a Redis to use in place of those that set-up starts
  DOCKER_HOST               an engine to use in place of this machine's
  LOG_LEVEL                 debug, info, warn, error

The README lists all the others. A key for the API: npm run --silent api-key -- --name NAME

  npm start -- --help       this text
`;

const log = (/** @type {string} */ line) => {
  process.stdout.write(`${line}\n`);
};

/** `npm start`: set-up, compilation, migrations, then the apps until Ctrl-C. */
async function main() {
  readOptions();
  const began = Date.now();
  const system = await setup({ log });
  await compile({ log });
  const { PORT: port = DEFAULT_PORT, HOST: host = '127.0.0.1' } = process.env;
  if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
    throw new SetupError('PORT must be a number from 1 to 65535.');
  }
  if (!(await isFree(Number(port), host))) {
    throw new SetupError(`Port ${port} on ${host} is in use. Set PORT to another one: PORT=3001 npm start`);
  }
  await migrate({ env: system.env, home: system.home, log });
  const publicApiUrl = process.env['PUBLIC_API_URL'] || `http://127.0.0.1:${port}`;
  const env = { ...system.env, PORT: port, PUBLIC_API_URL: publicApiUrl };
  const apps = startApps({ env, log, home: system.home });
  stopOnSignals(apps);
  /** @type {unknown} */
  let failure;
  apps.ready.then(
    () => {
      log(`\nNexos is ready after ${seconds(began)}.`);
      log(`  API            http://${host}:${port}`);
      log(
        `  environments   http://{branch}-{project}.${system.env['BASE_DOMAIN']}:${system.env['PUBLIC_PORT']}`,
      );
      log('  stop           Ctrl-C\n');
    },
    (error) => {
      if (error !== failure) log(messageOf(error));
    },
  );
  try {
    await apps.ended;
  } catch (error) {
    failure = error;
    process.exitCode = 1;
    log('\nAn app could not be kept up. Stopping the others.');
    await apps.stop();
    log(`\n${messageOf(error)}`);
  }
}

function readOptions() {
  try {
    const { values } = parseArgs({ options: { help: { type: 'boolean' } } });
    if (values.help !== true) return;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** The first signal stops the apps in order, the second kills them. */
function stopOnSignals(/** @type {import('./supervisor.mjs').RunningApps} */ apps) {
  let stopping = false;
  const stop = () => {
    if (stopping) {
      log('Killing what still runs.');
      process.exitCode = 1;
      apps.killAll();
      return;
    }
    stopping = true;
    log('\nStopping. Press Ctrl-C again to kill what still runs.');
    void apps.stop();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

if (isMain(import.meta.url)) {
  // The idle connections of set-up must not keep a stopped system alive.
  main().then(() => process.exit(), exitWith);
}
