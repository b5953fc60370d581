// @ts-check
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { recordProcess, signalGroup } from './process-records.mjs';
import { SetupError } from './setup-error.mjs';

const FIRST_LINES = 15;
const LAST_LINES = 25;

/**
 * Runs a program to its end. Of its output the first and the last lines are kept: some programs say what is wrong
 * before they explain at length how they are used.
 *
 * With `home` it runs in its own process group and is recorded there: it dies with us on Ctrl-C, and the next
 * run ends it when we were killed. Without, it stays in ours and finishes by itself (right for apt, which must
 * not be cut off).
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ name?: string, cwd?: string, env?: NodeJS.ProcessEnv, home?: string, onLine?: (line: string) => void }} [options]
 * @returns {Promise<void>}
 * @throws {SetupError} with those lines when the program fails
 */
export async function runCommand(program, args, options = {}) {
  const { name = program, cwd, env = process.env, home, onLine } = options;
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: home !== undefined,
  });
  /** @type {string[]} */
  const lines = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line);
      if (lines.length > FIRST_LINES + LAST_LINES) lines.splice(FIRST_LINES, 1);
      onLine?.(line);
    });
  }
  const release = home !== undefined && child.pid !== undefined ? ownGroup(home, name, child.pid) : undefined;
  try {
    const outcome = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(signal ?? code));
    });
    if (outcome !== 0) {
      throw new SetupError(`\`${name} ${args.join(' ')}\` failed (${outcome}):\n${lines.join('\n')}`);
    }
  } finally {
    release?.();
  }
}

/**
 * @param {string} home
 * @param {string} name
 * @param {number} pid
 */
function ownGroup(home, name, pid) {
  const forget = recordProcess(home, name.replaceAll(/[^a-z0-9-]/gi, '-'), pid, 'SIGKILL');
  const endGroup = () => signalGroup(pid, 'SIGKILL');
  /** @param {NodeJS.Signals} signal */
  const passOn = (signal) => {
    endGroup();
    release();
    // Die of the same signal, as we would have without this handler.
    process.kill(process.pid, signal);
  };
  const release = () => {
    process.off('exit', endGroup);
    process.off('SIGINT', passOn);
    process.off('SIGTERM', passOn);
    forget();
  };
  process.on('exit', endGroup);
  process.on('SIGINT', passOn);
  process.on('SIGTERM', passOn);
  return release;
}
