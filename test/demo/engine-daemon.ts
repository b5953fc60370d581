import { existsSync, readFileSync } from 'node:fs';
import { findEngine } from '../../docker/local/engine.js';
import type { Log } from '../../docker/local/progress.mjs';
import { eventually } from '../support/eventually.js';
import { identify, isRunning } from '../support/process-identity.js';

const PID_FILE = '/var/run/docker.pid';
const STOP_MS = 30_000;

/** Whether an engine answers already. One that set-up starts is stopped again at the end. */
export async function engineRuns(): Promise<boolean> {
  return (await findEngine()) !== undefined;
}

/**
 * Stops the engine that set-up has started, unless somebody uses it by now. Where systemd starts it, it is the
 * machine's and stays.
 */
export async function stopEngine(log: Log): Promise<void> {
  const found = existsSync('/run/systemd/system') ? undefined : await findEngine();
  if (found === undefined || !existsSync(PID_FILE)) return;
  const pid = Number.parseInt(readFileSync(PID_FILE, 'utf8'), 10);
  if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() !== 'dockerd') return;
  const [containers, services] = await Promise.all([
    found.docker.listContainers(),
    found.docker.listServices(),
  ]);
  if (containers.length + services.length > 0) {
    log('Docker Engine stays up: something else runs on it by now.');
    return;
  }
  const daemon = identify(pid);
  process.kill(pid, 'SIGTERM');
  const isGone = () => Promise.resolve(isRunning(daemon) ? undefined : true);
  await eventually(`Docker Engine (process ${pid}) to stop`, isGone, { deadlineMs: STOP_MS });
}
