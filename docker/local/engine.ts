import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { Context } from './home.js';
import { installEngine, renewBuildLimits, startDaemon } from './install-engine.js';
import { step } from './progress.mjs';
import { SetupError, codeOf, messageOf } from './setup-error.mjs';

export interface SystemInfo {
  readonly ServerVersion: string;
  readonly SecurityOptions: string[] | null;
  readonly Labels: string[] | null;
  readonly Swarm?: { LocalNodeState?: string; ControlAvailable?: boolean; Error?: string };
}

export interface Engine {
  readonly docker: Docker;
  /** The value for DOCKER_HOST. */
  readonly host: string;
  readonly info: SystemInfo;
}

const DEFAULT_SOCKET = '/var/run/docker.sock';
const OLDEST_MAJOR = 20;
const NOT_RUNNING = ['ENOENT', 'ECONNREFUSED'];

/** Connects to Docker Engine; as root, installs and starts it if necessary. */
export async function ensureEngine(context: Context): Promise<Engine> {
  const found = await findEngine();
  if (found !== undefined) {
    if (found.host.startsWith('unix:')) renewBuildLimits(context, found.info.Labels ?? []);
    return assertUsable(found);
  }
  await installEngine(context);
  if (process.getuid?.() !== 0) {
    throw new SetupError(
      'Docker Engine is installed but not running. Start it (sudo systemctl start docker), then try again.',
    );
  }
  const docker = new Docker({ socketPath: DEFAULT_SOCKET });
  await step(context.log, 'Starting Docker Engine', () => startDaemon(context, docker));
  return assertUsable(await connect(docker, `unix://${DEFAULT_SOCKET}`));
}

/** Connects to the running Docker Engine, if there is one: at DOCKER_HOST, or at one of the usual sockets. */
export async function findEngine(): Promise<Engine | undefined> {
  // docker-modem reads DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH itself.
  const host = process.env.DOCKER_HOST;
  for (const socketPath of host ? [undefined] : usualSockets()) {
    const name = host || `unix://${socketPath}`;
    try {
      return await connect(new Docker(socketPath === undefined ? undefined : { socketPath }), name);
    } catch (error) {
      const code = codeOf(error) ?? '';
      if (code === 'EACCES') {
        throw new SetupError(
          `This user has no permission to use Docker Engine at ${name}. Join the docker group (sudo usermod -aG docker "$USER"), log in again, then try again.`,
        );
      }
      const mayStart = NOT_RUNNING.includes(code) && name === `unix://${DEFAULT_SOCKET}`;
      if (host && !mayStart) {
        throw new SetupError(
          `No Docker Engine answers at DOCKER_HOST (${messageOf(error)}). Start Docker Engine on that host, or unset DOCKER_HOST.`,
        );
      }
      if (!NOT_RUNNING.includes(code)) throw error;
    }
  }
  return undefined;
}

async function connect(docker: Docker, host: string): Promise<Engine> {
  return { docker, host, info: (await docker.info()) as SystemInfo };
}

/** Returns the sockets of the system's engine, of a user's own engine and of Docker Desktop. */
function usualSockets(): string[] {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const own = runtime ? [join(runtime, 'docker.sock')] : [];
  return [DEFAULT_SOCKET, ...own, join(homedir(), '.docker/run/docker.sock')];
}

/** @throws SetupError when Nexos cannot run on the engine */
function assertUsable(engine: Engine): Engine {
  const { ServerVersion: version, SecurityOptions: security } = engine.info;
  if (Number.parseInt(version, 10) < OLDEST_MAJOR) {
    throw new SetupError(`Docker Engine ${version} is too old. Upgrade it to ${OLDEST_MAJOR}.10 or newer.`);
  }
  if (security?.includes('name=rootless')) {
    throw new SetupError(
      'This Docker Engine is rootless, so Swarm cannot create overlay networks. Set DOCKER_HOST to an engine that runs as root.',
    );
  }
  return engine;
}
