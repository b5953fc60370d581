import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../docker/local/free-port.js';
import { root } from '../../docker/local/home.js';
import { readOptions } from '../../docker/local/options.js';
import { logToStderr, seconds, step } from '../../docker/local/progress.mjs';
import { SetupError, messageOf } from '../../docker/local/setup-error.mjs';
import { isPort } from '../../docker/local/start.js';
import { runDemo, type RunningDemo } from './demo.js';
import { Cleanup } from './cleanup.js';
import { engineRuns, stopEngine } from './engine-daemon.js';
import { clearSettings, logFolder, prepareInstallation, removeDemo, withDemoLock } from './installation.js';
import { Interrupted, untilInterrupted } from './interruption.js';
import { Screen } from './screen.js';

const USAGE = `Demonstrates Nexos. A git push becomes a live URL while its build log streams, and a second push replaces the first
version without a failed request. The app's database and Redis survive a pause; a reset empties the database, and a restore
brings the data back. Runs setup first.

  npm run demo              keeps running so that you can push branches yourself; Ctrl-C stops it
  npm run demo -- --once    stops everything that it started, and exits

The API uses PORT (default 3000), or the next free port. Exit codes: 0 on success, 1 on failure, 2 for invalid options.
`;
/** How long an interrupted setup may take to finish. */
const FINISH_MS = 15_000;

/** `npm run demo`: returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const { once = false } = readOptions(USAGE, args, { once: { type: 'boolean' } });
  const port = process.env.PORT || '3000';
  if (!isPort(port)) {
    process.stderr.write(`PORT must be a number from 1 to 65535.\n\n${USAGE}`);
    return 2;
  }
  clearSettings();
  return await withDemoLock(logToStderr, (lock) => run({ once, firstPort: Number(port), lock }));
}

interface RunOptions {
  readonly once: boolean;
  readonly firstPort: number;
  readonly lock: number;
}

async function run({ once, firstPort, lock }: RunOptions): Promise<number> {
  const screen = new Screen(process.stdout);
  const last = new Screen(process.stdout);
  const cleanup = new Cleanup((line) => last.say(line));
  const interruption = untilInterrupted((exitCode) => process.exit(exitCode));
  const began = Date.now();
  let exitCode = 0;
  try {
    const interrupted = interruption.then((reason) => Promise.reject(reason));
    const demo = await Promise.race([play({ screen, cleanup, firstPort, lock }), interrupted]);
    if (!once) {
      demo.stayUp();
      await Promise.race([demo.ended, interruption]);
    }
    screen.close();
    last.title('\nThe end');
    await step(
      (line) => last.say(line),
      'Destroying the environments',
      () => demo.destroyEnvironments(),
    );
  } catch (error) {
    exitCode = explain(error);
  }
  screen.close();
  if (!(await cleanup.run())) exitCode ||= 1;
  if (exitCode === 0) last.say('Stopped everything that the demo started.');
  if (once && exitCode === 0) last.say(`The demo took ${seconds(began)}.`);
  return exitCode;
}

interface Play {
  readonly screen: Screen;
  readonly cleanup: Cleanup;
  readonly firstPort: number;
  readonly lock: number;
}

async function play({ screen, cleanup, firstPort, lock }: Play): Promise<RunningDemo> {
  const log = (line: string): void => screen.say(line);
  screen.title('Nexos: every branch gets its own running environment. From a git push to a live URL:');
  screen.heading('Setup');
  const began = Date.now();
  if (!(await engineRuns())) cleanup.add('Stopping Docker Engine', () => stopEngine(log));
  const preparing = prepareInstallation(log);
  cleanup.add('Removing containers, services and networks', async () => {
    await settled(preparing);
    await removeDemo();
  });
  const local = await preparing;
  log(`Ready: Docker Engine, Swarm, Postgres, Redis and HAProxy (${seconds(began)}).`);
  const port = await freePort(firstPort);
  if (port !== firstPort) log(`Port ${firstPort} is in use; the API uses port ${port}.`);
  return await runDemo({ local, port, logFolder, screen, cleanup, lock });
}

/** Waits until setup has ended, whether or not it succeeded. */
async function settled(preparing: Promise<unknown>): Promise<void> {
  const end = preparing.then(
    () => true,
    () => true,
  );
  if (await Promise.race([end, delay(FINISH_MS, false)])) return;
  throw new SetupError('Setup was interrupted; the next run resumes it.');
}

/** Prints why the demo ended, and returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    process.stderr.write(`\n${error.message} Stopping what was started.\n`);
    return error.exitCode;
  }
  process.stderr.write(`\nThe demo failed. ${messageOf(error)}\n`);
  if (!(error instanceof SetupError)) {
    mkdirSync(logFolder, { recursive: true });
    writeFileSync(join(logFolder, 'demo.log'), `${error instanceof Error ? error.stack : String(error)}\n`);
    process.stderr.write(`See the logs in ${relative(root, logFolder)}.\n`);
  }
  return 1;
}
