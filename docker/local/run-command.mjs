// @ts-check
import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const FIRST_LINES = 15;
const LAST_LINES = 25;

/**
 * Runs a program and waits for it to exit.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, lock?: number }} [options] `lock`: the descriptor of a lock,
 *   which the program holds even if this process is killed
 * @throws {SetupError} when it fails, with the first and last lines of its output: some programs print the error before a
 *   long usage text
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
