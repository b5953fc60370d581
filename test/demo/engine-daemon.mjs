// @ts-check
import { existsSync } from 'node:fs';
import { readIfThere } from '../../docker/local/atomic-file.mjs';
import { findEngine } from '../../docker/local/docker-engine.mjs';
import { identify, isRunning } from '../../docker/local/process-identity.mjs';
import { waitUntil } from '../../docker/local/wait-until.mjs';

const PID_FILE = '/var/run/docker.pid';
const STOP_MS = 30_000;

/** Returns whether an engine already answers. One that setup starts is stopped again at the end. */
export async function engineRuns() {
  return (await findEngine(process.env)) !== undefined;
}

/**
 * Stops the engine that setup started, unless something else uses it by now. An engine that systemd manages belongs to
 * the machine and keeps running.
 *
 * @param {(line: string) => void} log
 */
export async function stopEngine(log) {
  const found = existsSync('/run/systemd/system') ? undefined : await findEngine(process.env);
  const pid = Number.parseInt(readIfThere(PID_FILE) ?? '', 10);
  if (found === undefined || readIfThere(`/proc/${pid}/comm`)?.trim() !== 'dockerd') return;
  const { engine } = found;
  const [containers, services] = await Promise.all([
    engine.request('GET', '/containers/json'),
    engine.request('GET', '/services'),
  ]);
  if (containers.length + services.length > 0) {
    log('Docker Engine keeps running: other containers or services use it.');
    return;
  }
  const daemon = identify(pid);
  process.kill(pid, 'SIGTERM');
  const isGone = await waitUntil(async () => (isRunning(daemon) ? undefined : true), { deadlineMs: STOP_MS });
  if (isGone === undefined)
    throw new Error(`Docker Engine (process ${pid}) did not stop within ${STOP_MS / 1000} s`);
}
