import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Image } from '../images/images.js';
import { freePort } from './free-port.js';
import { LABELS, keepPort, ownerLabels, readPorts, type PortName } from './home.js';
import { seconds, type Log } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

/** The installation that containers belong to, and its engine. */
export interface Owner {
  readonly docker: Docker;
  readonly home: string;
  readonly instance: string;
  readonly log: Log;
}

export interface ContainerSpec {
  readonly name: string;
  /** The server's display name. */
  readonly title: string;
  /** A new image under the same name recreates the container. */
  readonly image: Image;
  /**
   * The installation's bridge network that the container joins, and its port there; null: it publishes none. Default: the
   * machine's own network.
   */
  readonly network?: { readonly name: string; readonly port: number | null };
  /** The port on 127.0.0.1. Default: the first free one from `firstPort` on, which the home remembers. */
  readonly port?: number;
  readonly firstPort: number;
  readonly portName: PortName;
  readonly deadlineMs: number;
  /** @param port the port on 127.0.0.1 */
  readonly config: (port: number) => Docker.ContainerCreateOptions;
  /** Other input whose change recreates the container. */
  readonly fingerprint?: string;
  /** Whether a running container stays, whatever its configuration. */
  readonly isKept?: boolean;
  /** Reports whether the server accepts requests. */
  readonly answers: (port: number) => Promise<boolean>;
}

const PORT_TAKEN = /port is already allocated|address already in use/i;
const PORT_TRIES = 20;
const MAX_RESTARTS = 4;
const LAST_LINES = 15;

/**
 * Ensures that containers of the local setup run and answer. Keeps a container with the current configuration, starting
 * it if necessary; recreates any other.
 *
 * @returns the port of each container on 127.0.0.1, by name
 */
export async function ensureContainers(
  owner: Owner,
  specs: readonly ContainerSpec[],
): Promise<Map<string, number>> {
  // One at a time: the engine would create two networks of the same name.
  const networks = specs.flatMap(({ network }) => network?.name ?? []);
  for (const network of new Set(networks)) await ensureNetwork(owner, network);
  const work = specs.map(async (spec) => [spec.name, await ensureContainer(owner, spec)] as const);
  // Setup releases its lock when it fails, so nothing may be running by then.
  await Promise.allSettled(work);
  return new Map(await Promise.all(work));
}

async function ensureContainer(owner: Owner, spec: ContainerSpec): Promise<number> {
  const { docker, home, instance } = owner;
  const filters = { name: [`^/${spec.name}$`] };
  const [existing] = await docker.listContainers({ all: true, filters });
  const kept = spec.port ?? readPorts(home)[spec.portName];
  if (existing !== undefined) {
    if (existing.Labels[LABELS.instance] !== instance) {
      throw new SetupError(
        `The container ${spec.name} belongs to something else. Remove or rename it, then try again.`,
      );
    }
    const isCurrent =
      (spec.isKept === true && existing.State === 'running') ||
      existing.Labels[LABELS.config] === request(owner, spec, kept).Labels[LABELS.config];
    // The engine reports a published port that is taken, but not one that the container itself listens on.
    const isUsable =
      existing.State === 'running' || spec.network !== undefined || (await freePort(kept ?? 0)) === kept;
    if (kept !== undefined && isCurrent && isUsable && (await ensureStarted(owner, existing))) {
      await untilAnswers(docker.getContainer(existing.Id), spec, kept);
      return kept;
    }
    await removeContainer(docker, existing.Id);
  }
  const { container, port } = await create(owner, spec, kept);
  await untilAnswers(container, spec, port);
  return port;
}

/** Stops a container gracefully and removes it with its anonymous volumes. Succeeds if it no longer exists. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await ignoring(404, ignoring(304, container.stop()));
  await ignoring(404, ignoring(409, container.remove({ v: true, force: true })));
}

/** Waits for a request to the engine; a response with this status counts as success. */
export async function ignoring(status: number, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== status) throw error;
  }
}

/** Creates a separate bridge network: it isolates containers from builds and environments, and has Docker's DNS. */
async function ensureNetwork({ docker, home, instance }: Owner, name: string): Promise<void> {
  if ((await docker.listNetworks({ filters: { name: [`^${name}$`] } })).length > 0) return;
  const labels = ownerLabels(home, instance);
  const options = { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: labels };
  await ignoring(409, docker.createNetwork(options));
}

/** @returns false when the container cannot start */
async function ensureStarted({ docker, log }: Owner, { Id, State: state, Names }: Docker.ContainerInfo) {
  if (state === 'running' || state === 'restarting') return true;
  try {
    const container = docker.getContainer(Id);
    await (state === 'paused' ? container.unpause() : container.start());
    return true;
  } catch (error) {
    log(`Could not start ${Names[0]?.slice(1)} (${messageOf(error)}); recreating it.`);
    return false;
  }
}

async function create(owner: Owner, spec: ContainerSpec, kept = spec.firstPort) {
  let first = kept;
  for (let attempt = 1; ; attempt += 1) {
    const port = spec.port ?? (await freePort(first));
    let container: Docker.Container | undefined;
    try {
      container = await owner.docker.createContainer(request(owner, spec, port));
      await container.start();
      if (spec.port === undefined) keepPort(owner.home, spec.portName, port);
      return { container, port };
    } catch (error) {
      await container?.remove({ force: true, v: true });
      if (!PORT_TAKEN.test(messageOf(error)) || attempt === PORT_TRIES || spec.port !== undefined) {
        throw new SetupError(`Could not start ${spec.name} from ${spec.image.name}: ${messageOf(error)}`);
      }
      first = port + 1;
    }
  }
}

/** Returns the container's configuration; one label is a hash of the rest. */
function request({ home, instance }: Owner, spec: ContainerSpec, port = 0) {
  const given = spec.config(port);
  const inside = spec.network?.port == null ? null : `${spec.network.port}/tcp`;
  const config = {
    ...given,
    name: spec.name,
    Image: spec.image.name,
    Labels: ownerLabels(home, instance),
    ...(inside !== null && { ExposedPorts: { [inside]: {} } }),
    HostConfig: {
      // Engine 20.10 does not start `unless-stopped` ones again after a crash that their processes survived.
      RestartPolicy: { Name: 'always' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
      SecurityOpt: ['no-new-privileges'],
      ...(spec.network === undefined
        ? { NetworkMode: 'host' }
        : {
            NetworkMode: spec.network.name,
            ...(inside !== null && {
              PortBindings: { [inside]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
            }),
          }),
      ...given.HostConfig,
    },
  };
  const hash = createHash('sha256').update(JSON.stringify([config, spec.image.id, spec.fingerprint]));
  config.Labels[LABELS.config] = hash.digest('hex').slice(0, 16);
  return config;
}

/** Waits until the server answers; fails with the last lines of its log if it never does or keeps crashing. */
async function untilAnswers(container: Docker.Container, spec: ContainerSpec, port: number): Promise<void> {
  const began = Date.now();
  let problem: string | undefined;
  for (let attempt = 1; problem === undefined; attempt += 1) {
    if (await spec.answers(port)) return;
    await delay(50);
    if (Date.now() - began > spec.deadlineMs) problem = `did not answer within ${seconds(began)}`;
    if (attempt % 20 !== 0) continue;
    if ((await container.inspect()).RestartCount >= MAX_RESTARTS) problem = 'keeps crashing';
  }
  const framed = await container.logs({ stdout: true, stderr: true, tail: LAST_LINES });
  // Without a TTY, each chunk has a header: the stream's number, three zero bytes and a length of four bytes.
  const lines = framed.toString('latin1').replaceAll(/[\0-\x02]\0{3}[^]{4}/g, '');
  if (/cannot bind socket.*in use/i.test(lines)) {
    throw new SetupError(
      `Port ${port} of this machine is already in use, so ${spec.title} cannot listen on it. Free it, or choose another.`,
    );
  }
  throw new SetupError(
    `${spec.title} (container ${spec.name}) ${problem}. Its last lines:\n${Buffer.from(lines, 'latin1').toString()}`,
  );
}
