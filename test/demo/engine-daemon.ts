import { existsSync, readFileSync } from 'node:fs';
import { findEngine } from '../../docker/local/engine.js';
import type { Log } from '../../docker/local/progress.mjs';
import { eventually } from '../support/eventually.js';
import { identify, isRunning } from '../support/process-identity.js';

const PID_FILE = '/var/run/docker.pid';
const STOP_MS = 30_000;

/** Reports whether Docker Engine is already running. If not, setup starts it, and the demo stops it at the end. */
export async function engineRuns(): Promise<boolean> {
  return (await findEngine()) !== undefined;
}

/**
 * Stops the engine that setup started, unless something else runs on it by now. Leaves an engine alone that systemd
 * started.
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
    log('Docker Engine keeps running, because other containers or services use it.');
    return;
  }
  const daemon = identify(pid);
  process.kill(pid, 'SIGTERM');
  const isGone = () => Promise.resolve(isRunning(daemon) ? undefined : true);
  await eventually(`Docker Engine (process ${pid}) to stop`, isGone, { deadlineMs: STOP_MS });
}
