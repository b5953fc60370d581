// @ts-check
import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const FIRST_LINES = 15;
const LAST_LINES = 25;

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, lock?: number }} [options] the program keeps the lock with this
 *   descriptor while it runs, even if this process is killed meanwhile
 * @throws {SetupError} when it fails, with the first and the last lines of its output: some programs say what is wrong
 *   before they explain at length how to use them
 */
export async function runCommand(program, args, { cwd, env, lock } = {}) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe', lock ?? 'ignore'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  /** @type {string | number | null} */
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(signal ?? code));
  });
  if (outcome === 0) return;
  const lines = output.trimEnd().split('\n');
  lines.splice(FIRST_LINES, lines.length - FIRST_LINES - LAST_LINES);
  throw new SetupError(`\`${[program, ...args].join(' ')}\` failed (${outcome}):\n${lines.join('\n')}`);
}
