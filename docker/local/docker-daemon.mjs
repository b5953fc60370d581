// @ts-check
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readIfThere, writeAtomically } from './atomic-file.mjs';
import { EngineApi } from './engine-api.mjs';
import { findProgram } from './find-program.mjs';
import { identify, isRunning } from './process-identity.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError, codeOf } from './setup-error.mjs';
import { waitUntil } from './wait-until.mjs';

const DAEMON_CONFIG = '/etc/docker/daemon.json';
const PID_FILES = [
  { path: '/var/run/docker.pid', program: 'dockerd' },
  { path: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
];
const START_MS = 60_000;

/**
 * Makes `no-new-privileges` the default of an engine that we are about to install: a Swarm service cannot ask
 * for it (API 1.41). A configuration that is already there belongs to somebody else and is left as it is.
 */
export function presetDaemon() {
  if (existsSync(DAEMON_CONFIG)) return;
  mkdirSync(dirname(DAEMON_CONFIG), { recursive: true });
  writeAtomically(DAEMON_CONFIG, `${JSON.stringify({ 'no-new-privileges': true })}\n`, 0o644);
}

/**
 * Starts the installed engine, through systemd where it is process 1, and waits until it answers.
 *
 * @param {string} home
 * @param {string} socket
 */
export async function startDaemon(home, socket) {
  const log = join(home, 'dockerd.log');
  const systemd = existsSync('/run/systemd/system');
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let daemon;
  if (systemd) await runCommand('systemctl', ['start', 'docker']);
  else if (!removeStalePidFiles()) daemon = spawnDaemon(log);
  const engine = new EngineApi(`unix://${socket}`);
  const answer = await waitUntil(
    async () => {
      if (daemon?.exitCode != null) return 'exited';
      return (await answers(engine)) ? 'answers' : undefined;
    },
    { deadlineMs: START_MS },
  );
  if (answer === 'answers') return;
  const reason = systemd ? 'See journalctl -u docker.' : `The end of ${log}:\n${lastLines(log, 12)}`;
  throw new SetupError(`Docker Engine was started but does not answer. ${reason}`);
}

/** @param {string} logPath */
function spawnDaemon(logPath) {
  const program = findProgram('dockerd');
  if (program === undefined) throw new SetupError('dockerd is not installed.');
  const output = openSync(logPath, 'a', 0o600);
  // dockerd refuses to start when a setting is given both here and in its file.
  const configured = readIfThere(DAEMON_CONFIG)?.includes('"no-new-privileges"') ?? false;
  const daemon = spawn(program, configured ? [] : ['--no-new-privileges'], {
    detached: true,
    stdio: ['ignore', output, output],
  });
  daemon.unref();
  return daemon;
}

/**
 * After a crash or a reboot the pid files name processes that are gone, and dockerd refuses to start.
 *
 * @returns {boolean} whether a dockerd is running after all
 */
function removeStalePidFiles() {
  let running = false;
  for (const { path, program } of PID_FILES) {
    const pid = Number.parseInt(readIfThere(path) ?? '', 10);
    // A zombie still has its name, and is no running engine.
    const alive = Number.isInteger(pid) && isRunning(identify(pid));
    const name = alive ? readIfThere(`/proc/${pid}/comm`)?.trim() : undefined;
    if (name === program) running ||= program === 'dockerd';
    else rmSync(path, { force: true });
  }
  return running;
}

/** @param {EngineApi} engine */
async function answers(engine) {
  try {
    await engine.request('GET', '/_ping');
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ECONNREFUSED') return false;
    throw error;
  }
}

/**
 * @param {string} path
 * @param {number} count
 */
function lastLines(path, count) {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return '(empty)';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
