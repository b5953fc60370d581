// @ts-check
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Ending } from '../../test/demo/ending.mjs';
import { engineRuns, stopEngine } from '../../test/demo/engine-daemon.mjs';
import {
  claimDemo,
  forgetSettings,
  logFolder,
  prepareInstallation,
  releaseDemo,
  removeInstallation,
} from '../../test/demo/installation.mjs';
import { Interrupted, untilInterrupted } from '../../test/demo/interruption.mjs';
import { Screen } from '../../test/demo/screen.mjs';
import { freePort } from './free-port.mjs';
import { root } from './home.mjs';
import { seconds, step } from './progress.mjs';
import { registerTypescript } from './register-typescript.mjs';
import { SetupError, exitWith, messageOf } from './setup-error.mjs';

const USAGE = `Shows Nexos at work: a git push becomes a live URL while its build log streams, and a second push
replaces the first version without a failed request. The app keeps guests in a database and counts visits in Redis, which
outlive a pause; a reset empties the database, and is taken back. All that is needed is set up first.

  npm run demo              stays up afterwards, so that you can push branches yourself; Ctrl-C stops it
  npm run demo -- --once    stops everything that it started, and exits

  --once    as above
  --help    this text

The API takes PORT (default 3000), or the next port that is free. The exit code is 0 when all went well, 1 when
something did not, 2 when the demo was started wrongly.
`;
const DEFAULT_PORT = '3000';
/** How long a set-up that was interrupted may take to come to an end. */
const CUT_OFF_MS = 15_000;

/** @returns {{ once: boolean, firstPort: number }} */
function readOptions() {
  try {
    const { values } = parseArgs({ options: { once: { type: 'boolean' }, help: { type: 'boolean' } } });
    if (values.help === true) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const port = process.env['PORT'] || DEFAULT_PORT;
    if (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535) {
      throw new SetupError('PORT must be a number from 1 to 65535.');
    }
    return { once: values.once === true, firstPort: Number(port) };
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** @param {ReturnType<typeof readOptions>} options */
async function main({ once, firstPort }) {
  forgetSettings();
  claimDemo();
  const screen = new Screen(process.stdout);
  const last = new Screen(process.stdout);
  const ending = new Ending((line) => last.say(line));
  const interruption = untilInterrupted((exitCode) => process.exit(exitCode));
  const began = Date.now();
  let exitCode = 0;
  try {
    const cut = interruption.then((reason) => Promise.reject(reason));
    const demo = await Promise.race([play(screen, ending, firstPort), cut]);
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
  releaseDemo();
  if (exitCode === 0) last.say('Everything that the demo started has been stopped.');
  if (once && exitCode === 0) last.say(`It took ${seconds(began)} in all.`);
  return exitCode;
}

/**
 * @param {Screen} screen
 * @param {Ending} ending
 * @param {number} firstPort
 */
async function play(screen, ending, firstPort) {
  const log = (/** @type {string} */ line) => screen.say(line);
  screen.title('Nexos: every branch gets its own running environment. From a git push to a live URL:');
  screen.heading('Set-up');
  const began = Date.now();
  if (!(await engineRuns())) ending.add('Stopping Docker Engine', () => stopEngine(log));
  const preparing = prepareInstallation(log);
  ending.add('Removing containers, services and networks', async () => {
    await settled(preparing);
    await removeInstallation();
  });
  const local = await preparing;
  log(`Ready: Docker Engine, Swarm, Postgres, Redis and HAProxy (${seconds(began)}).`);
  const port = await freePort(firstPort);
  if (port !== firstPort) log(`Port ${firstPort} is taken; the API gets ${port}.`);
  // Only now is it certain that the packages are installed.
  await registerTypescript();
  const { tellDemo } = await import('../../test/demo/demo.js');
  return tellDemo({ local, port, logFolder, screen, ending });
}

/** @param {Promise<unknown>} preparing */
async function settled(preparing) {
  const end = preparing.then(
    () => true,
    () => true,
  );
  if (await Promise.race([end, delay(CUT_OFF_MS, false)])) return;
  throw new SetupError('set-up was cut off; the next run goes on where it was');
}

/**
 * Says why the demo does not go on.
 *
 * @param {unknown} error
 * @returns {number} the exit code
 */
function explain(error) {
  if (error instanceof Interrupted) {
    process.stderr.write(`\n${error.message} Stopping what was started.\n`);
    return error.exitCode;
  }
  process.stderr.write(`\nThe demo failed. ${messageOf(error)}\n`);
  if (!(error instanceof SetupError)) {
    mkdirSync(logFolder, { recursive: true });
    writeFileSync(join(logFolder, 'demo.log'), `${error instanceof Error ? error.stack : error}\n`);
    process.stderr.write(`More is in ${relative(root, logFolder)}.\n`);
  }
  return 1;
}

// The idle connections of set-up must not keep a stopped demo alive.
main(readOptions()).then((exitCode) => process.exit(exitCode), exitWith);
