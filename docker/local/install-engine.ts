import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import {
  applyBuildLimits,
  BUILD_LIMITS_LABEL,
  DEFAULT_CGROUP_PARENT,
  readBuildLimits,
} from './build-limits.js';
import { readIfExists, writeAtomically, type Context } from './home.js';
import { step } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

const ENGINE_PACKAGES = ['docker.io', 'iptables', 'debootstrap', 'busybox-static', 'git'];
const APT_LOCK_SECONDS = 120;
const DAEMON_CONFIG = '/etc/docker/daemon.json';
const START_MS = 60_000;
const LOG_LINES = 12;
const NO_ICC = '--icc=false';
/** What dockerd says without the kernel module br_netfilter. */
const CANNOT_ISOLATE = 'cannot restrict inter-container communication';
const PID_FILES = { dockerd: '/var/run/docker.pid', containerd: '/var/run/docker/containerd/containerd.pid' };

export const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

/** Returns the path of a program, from PATH or from Debian's sbin folders, which a user's PATH may lack. */
export function findProgram(name: string): string | undefined {
  const folders = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`.split(':');
  return folders.map((folder) => join('/', folder, name)).find((path) => existsSync(path));
}

/** Installs a program with apt unless it is installed. */
export async function ensureProgram(name: string, context: Context): Promise<void> {
  if (findProgram(name) !== undefined) return;
  if (!canInstall()) {
    throw new SetupError(`${name} is not installed. Install it (on Debian: sudo apt-get install ${name}).`);
  }
  await step(context.log, `Installing ${name} with apt-get`, () => installPackages([name], context));
}

/** Installs Docker Engine with apt, as root, unless it is installed. */
export async function installEngine(context: Context): Promise<void> {
  if (findProgram('dockerd') !== undefined) return;
  if (process.platform !== 'linux') {
    throw new SetupError('Docker Engine is not running. Install and start Docker Desktop, then try again.');
  }
  if (!canInstall()) {
    throw new SetupError(
      'Docker Engine is not installed. Install it (on Debian or Ubuntu: sudo apt-get install docker.io), or run this as root once.',
    );
  }
  if (!existsSync(DAEMON_CONFIG)) {
    // A Swarm service cannot forbid new privileges itself (API 1.41). An existing configuration is left alone. A daemon
    // that systemd does not start gets the option `icc` as a flag.
    const options = { 'no-new-privileges': true, ...(isSystemd() && { icc: false }) };
    mkdirSync(dirname(DAEMON_CONFIG), { recursive: true });
    writeAtomically(DAEMON_CONFIG, `${JSON.stringify(options)}\n`, 0o644);
  }
  await step(context.log, 'Installing Docker Engine with apt-get', () =>
    installPackages(ENGINE_PACKAGES, context),
  );
}

/** Starts the installed engine, through systemd where available, and waits until it answers. */
export async function startDaemon(context: Context, docker: Docker): Promise<void> {
  const logFile = join(context.home, 'dockerd.log');
  if (isSystemd()) await runCommand('systemctl', ['start', 'docker']);
  let daemon = isSystemd() || removeStalePidFiles() ? undefined : spawnDaemon(logFile, context);
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (await docker.ping().catch(() => false)) return;
    if (typeof daemon?.exitCode === 'number') {
      if (!daemon.spawnargs.includes(NO_ICC) || !lastLines(logFile).includes(CANNOT_ISOLATE)) break;
      context.log(
        'This kernel lacks br_netfilter, so builds can reach each other. See docs/operating/builds.md.',
      );
      daemon = spawnDaemon(logFile, context, { isolates: false });
    }
    await delay(100);
  }
  throw new SetupError(
    `Docker Engine was started but does not answer. ${isSystemd() ? 'See journalctl -u docker.' : `Last lines of ${logFile}:\n${lastLines(logFile)}`}`,
  );
}

function isSystemd(): boolean {
  return existsSync('/run/systemd/system');
}

function lastLines(logFile: string): string {
  return (readIfExists(logFile) ?? '').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}

function spawnDaemon(logFile: string, { environment, log }: Context, options = { isolates: true }) {
  const output = openSync(logFile, 'a', 0o600);
  const config = readDaemonConfig();
  const problem = applyBuildLimits(readBuildLimits(environment), cgroupParentOf(config));
  if (problem !== null)
    log(`Builds have no limits, because setting them failed (${problem}). See docs/operating/builds.md.`);
  const flags = daemonFlags(config, { ...options, limitsBuilds: problem === null });
  const daemon = spawn(findProgram('dockerd') ?? 'dockerd', flags, {
    detached: true,
    stdio: ['ignore', output, output],
  });
  daemon.unref();
  return daemon;
}

/** Returns the flags for a daemon that Nexos starts. dockerd rejects one that its configuration file sets too. */
export function daemonFlags(
  config: DaemonConfig,
  { isolates, limitsBuilds }: { isolates: boolean; limitsBuilds: boolean },
): string[] {
  const flags: [option: string, flag: string, isWanted: boolean][] = [
    ['no-new-privileges', '--no-new-privileges', true],
    ['icc', NO_ICC, isolates],
    ['labels', `--label=${BUILD_LIMITS_LABEL}=${cgroupParentOf(config)}/buildkit`, limitsBuilds],
  ];
  return flags.filter(([option, , isWanted]) => isWanted && !(option in config)).map(([, flag]) => flag);
}

/** Sets the limits of builds again, on an engine that Nexos started with limits, since they may have changed. */
export function renewBuildLimits({ environment, log }: Context, labels: readonly string[]): void {
  const prefix = `${BUILD_LIMITS_LABEL}=`;
  const group = labels.find((label) => label.startsWith(prefix))?.slice(prefix.length);
  if (group?.endsWith('/buildkit') !== true || process.getuid?.() !== 0) return;
  const problem = applyBuildLimits(readBuildLimits(environment), dirname(group));
  if (problem !== null) log(`The limits of builds could not be changed (${problem}).`);
}

type DaemonConfig = Readonly<Record<string, unknown>>;

function readDaemonConfig(): DaemonConfig {
  try {
    return JSON.parse(readIfExists(DAEMON_CONFIG) ?? '{}') as DaemonConfig;
  } catch (error) {
    throw new SetupError(
      `${DAEMON_CONFIG} is not valid JSON (${messageOf(error)}). Correct it, then try again.`,
    );
  }
}

function cgroupParentOf(config: DaemonConfig): string {
  const parent = config['cgroup-parent'];
  return typeof parent === 'string' && parent !== ''
    ? parent.replace(/^\/+|\/+$/g, '')
    : DEFAULT_CGROUP_PARENT;
}

/**
 * Removes stale pid files, which keep dockerd from starting after a crash or a reboot.
 *
 * @returns whether dockerd is running
 */
function removeStalePidFiles(): boolean {
  for (const [program, path] of Object.entries(PID_FILES)) {
    const status = readIfExists(`/proc/${readIfExists(path)?.trim()}/status`) ?? '';
    // A zombie keeps its name but no longer runs.
    const isRunning = status.startsWith(`Name:\t${program}\n`) && !/^State:\tZ/m.test(status);
    if (!isRunning) rmSync(path, { force: true });
    else if (program === 'dockerd') return true;
  }
  return false;
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

/** Installs Debian packages. Safe to repeat, also after an interruption. */
async function installPackages(packages: string[], { log, lock }: Context): Promise<void> {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, lock };
  const apt = ['-o', `DPkg::Lock::Timeout=${APT_LOCK_SECONDS}`];
  // Reinstalling the certificates could overwrite a customized bundle.
  const missing = [...packages, ...(existsSync(CERTIFICATES) ? [] : ['ca-certificates'])];
  try {
    await runCommand('apt-get', [...apt, 'update'], options);
  } catch (error) {
    // One unreachable third-party source fails the update, even if all other lists are up to date.
    log(`Continuing with the existing package lists: ${messageOf(error)}`);
  }
  await runCommand('dpkg', ['--configure', '-a'], options);
  await runCommand('apt-get', [...apt, 'install', '-y', '--no-install-recommends', ...missing], options);
}
