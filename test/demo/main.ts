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
import { Ending } from './ending.js';
import { engineRuns, stopEngine } from './engine-daemon.js';
import { asOnlyDemo, forgetSettings, logFolder, prepareInstallation, removeDemo } from './installation.js';
import { Interrupted, untilInterrupted } from './interruption.js';
import { Screen } from './screen.js';

const USAGE = `Shows Nexos at work: a git push becomes a live URL while its build log streams, and a second push
replaces the first version without a failed request. The app keeps guests in a database and counts visits in Redis, which
outlive a pause; a reset empties the database, and is taken back. All that is needed is set up first.

  npm run demo              stays up afterwards, so that you can push branches yourself; Ctrl-C stops it
  npm run demo -- --once    stops everything that it started, and exits

The API takes PORT (default 3000), or the next port that is free. The exit code is 0 when all went well, 1 when
something did not, 2 when the demo was started wrongly.
`;
/** How long a set-up that was interrupted may take to come to an end. */
const CUT_OFF_MS = 15_000;

/** `npm run demo`: returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const { once = false } = readOptions(USAGE, args, { once: { type: 'boolean' } });
  const port = process.env.PORT || '3000';
  if (!isPort(port)) {
    process.stderr.write(`PORT must be a number from 1 to 65535.\n\n${USAGE}`);
    return 2;
  }
  forgetSettings();
  return await asOnlyDemo(logToStderr, (lock) => run({ once, firstPort: Number(port), lock }));
}

interface RunOptions {
  readonly once: boolean;
  readonly firstPort: number;
  readonly lock: number;
}

async function run({ once, firstPort, lock }: RunOptions): Promise<number> {
  const screen = new Screen(process.stdout);
  const last = new Screen(process.stdout);
  const ending = new Ending((line) => last.say(line));
  const interruption = untilInterrupted((exitCode) => process.exit(exitCode));
  const began = Date.now();
  let exitCode = 0;
  try {
    const cut = interruption.then((reason) => Promise.reject(reason));
    const demo = await Promise.race([play({ screen, ending, firstPort, lock }), cut]);
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
  if (!(await ending.run())) exitCode ||= 1;
  if (exitCode === 0) last.say('Everything that the demo started has been stopped.');
  if (once && exitCode === 0) last.say(`It took ${seconds(began)} in all.`);
  return exitCode;
}

interface Play {
  readonly screen: Screen;
  readonly ending: Ending;
  readonly firstPort: number;
  readonly lock: number;
}

async function play({ screen, ending, firstPort, lock }: Play): Promise<RunningDemo> {
  const log = (line: string): void => screen.say(line);
  screen.title('Nexos: every branch gets its own running environment. From a git push to a live URL:');
  screen.heading('Set-up');
  const began = Date.now();
  if (!(await engineRuns())) ending.add('Stopping Docker Engine', () => stopEngine(log));
  const preparing = prepareInstallation(log);
  ending.add('Removing containers, services and networks', async () => {
    await settled(preparing);
    await removeDemo();
  });
  const local = await preparing;
  log(`Ready: Docker Engine, Swarm, Postgres, Redis and HAProxy (${seconds(began)}).`);
  const port = await freePort(firstPort);
  if (port !== firstPort) log(`Port ${firstPort} is taken; the API gets ${port}.`);
  return await runDemo({ local, port, logFolder, screen, ending, lock });
}

async function settled(preparing: Promise<unknown>): Promise<void> {
  const end = preparing.then(
    () => true,
    () => true,
  );
  if (await Promise.race([end, delay(CUT_OFF_MS, false)])) return;
  throw new SetupError('set-up was cut off; the next run goes on where it was');
}

/** Says why the demo does not go on, and returns the exit code. */
function explain(error: unknown): number {
  if (error instanceof Interrupted) {
    process.stderr.write(`\n${error.message} Stopping what was started.\n`);
    return error.exitCode;
  }
  process.stderr.write(`\nThe demo failed. ${messageOf(error)}\n`);
  if (!(error instanceof SetupError)) {
    mkdirSync(logFolder, { recursive: true });
    writeFileSync(join(logFolder, 'demo.log'), `${error instanceof Error ? error.stack : String(error)}\n`);
    process.stderr.write(`More is in ${relative(root, logFolder)}.\n`);
  }
  return 1;
}
