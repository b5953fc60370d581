import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Image } from '../images/images.js';
import { freePort } from './free-port.js';
import { LABELS, keepPort, ownerLabels, readPorts, type PortName } from './home.js';
import { seconds, type Log } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

/** Whose containers they are, and where. */
export interface Owner {
  readonly docker: Docker;
  readonly home: string;
  readonly instance: string;
  readonly log: Log;
}

export interface ContainerSpec {
  readonly name: string;
  /** The server in it, as people call it. */
  readonly title: string;
  /** A new image under the same name makes a new container. */
  readonly image: Image;
  /** The name of its own bridge network. */
  readonly network: string;
  readonly containerPort: number;
  /** The port on 127.0.0.1; without it, one that is free from `firstPort` on, which is kept in the home. */
  readonly port?: number;
  readonly firstPort: number;
  readonly keptAs: PortName;
  readonly deadlineMs: number;
  readonly config: Docker.ContainerCreateOptions;
  /** Anything else whose change makes a new container. */
  readonly fingerprint?: string;
  /** Reports whether the server takes requests. */
  readonly answers: (port: number) => Promise<boolean>;
}

const PORT_TAKEN = /port is already allocated|address already in use/i;
const PORT_TRIES = 20;
const RESTARTS = 4;
const LAST_LINES = 15;

/**
 * Makes containers of the local platform run and answer. Each is kept while its configuration is the wanted one, started
 * if it is stopped, and replaced otherwise; networks it has been connected to since are kept.
 *
 * @returns their ports on 127.0.0.1, by their names
 */
export async function ensureContainers(
  owner: Owner,
  specs: readonly ContainerSpec[],
): Promise<Map<string, number>> {
  // One after the other: the engine would make two networks of the same name.
  for (const network of new Set(specs.map((spec) => spec.network))) await ensureNetwork(owner, network);
  const work = specs.map(async (spec) => [spec.name, await ensureContainer(owner, spec)] as const);
  // Set-up gives up its lock when it fails, so nothing may be at work by then.
  await Promise.allSettled(work);
  return new Map(await Promise.all(work));
}

async function ensureContainer(owner: Owner, spec: ContainerSpec): Promise<number> {
  const { docker, home, instance } = owner;
  const filters = { name: [`^/${spec.name}$`] };
  const [existing] = await docker.listContainers({ all: true, filters });
  const kept = spec.port ?? readPorts(home)[spec.keptAs];
  if (existing !== undefined) {
    if (existing.Labels[LABELS.instance] !== instance) {
      throw new SetupError(`A container named ${spec.name} is not this clone's. Remove or rename it.`);
    }
    const isWanted = existing.Labels[LABELS.config] === request(owner, spec, kept).Labels[LABELS.config];
    if (kept !== undefined && isWanted && (await revive(owner, existing))) {
      await untilAnswers(docker.getContainer(existing.Id), spec, kept);
      return kept;
    }
    await removeContainer(docker, existing.Id);
  }
  const { container, port } = await create(owner, spec, kept);
  for (const [name, { NetworkID }] of Object.entries(existing?.NetworkSettings.Networks ?? {})) {
    // A network that is gone by now needs no connection.
    const connect = () => docker.getNetwork(NetworkID).connect({ Container: container.id });
    if (name !== spec.network) await ignoring(404, connect());
  }
  await untilAnswers(container, spec, port);
  return port;
}

/** Stops a container in its own way, then removes it with its anonymous volumes. One that is gone is no error. */
export async function removeContainer(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await ignoring(404, ignoring(304, container.stop()));
  await ignoring(404, ignoring(409, container.remove({ v: true, force: true })));
}

/** Waits for a request to the engine; an answer with this status is no error. */
export async function ignoring(status: number, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== status) throw error;
  }
}

/** A bridge network of its own keeps builds and environments away from a container, and has Docker's name server. */
async function ensureNetwork({ docker, home, instance }: Owner, name: string): Promise<void> {
  if ((await docker.listNetworks({ filters: { name: [`^${name}$`] } })).length > 0) return;
  const labels = ownerLabels(home, instance);
  const options = { Name: name, CheckDuplicate: true, Driver: 'bridge', Labels: labels };
  await ignoring(409, docker.createNetwork(options));
}

/** @returns false when the container cannot be brought back */
async function revive({ docker, log }: Owner, { Id, State: state, Names }: Docker.ContainerInfo) {
  if (state === 'running' || state === 'restarting') return true;
  try {
    const container = docker.getContainer(Id);
    await (state === 'paused' ? container.unpause() : container.start());
    return true;
  } catch (error) {
    log(`${Names[0]?.slice(1)} cannot be started again (${messageOf(error)}); replacing it.`);
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
      if (spec.port === undefined) keepPort(owner.home, spec.keptAs, port);
      return { container, port };
    } catch (error) {
      await container?.remove({ force: true, v: true });
      if (!PORT_TAKEN.test(messageOf(error)) || attempt === PORT_TRIES || spec.port !== undefined) {
        throw new SetupError(`${spec.name} cannot be started from ${spec.image.name}: ${messageOf(error)}`);
      }
      first = port + 1;
    }
  }
}

/** Returns what the engine is asked to create; one label is a hash of all the rest. */
function request({ home, instance }: Owner, spec: ContainerSpec, port = 0) {
  const inside = `${spec.containerPort}/tcp`;
  const wanted = {
    ...spec.config,
    name: spec.name,
    Image: spec.image.name,
    Labels: ownerLabels(home, instance),
    ExposedPorts: { [inside]: {} },
    HostConfig: {
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
      SecurityOpt: ['no-new-privileges'],
      NetworkMode: spec.network,
      PortBindings: { [inside]: [{ HostIp: '127.0.0.1', HostPort: String(port) }] },
      ...spec.config.HostConfig,
    },
  };
  const hash = createHash('sha256').update(JSON.stringify([wanted, spec.image.id, spec.fingerprint]));
  wanted.Labels[LABELS.config] = hash.digest('hex').slice(0, 16);
  return wanted;
}

/** Waits until the server answers; if it never does, or keeps dying, fails with the last lines of its log. */
async function untilAnswers(container: Docker.Container, spec: ContainerSpec, port: number): Promise<void> {
  const began = Date.now();
  let problem: string | undefined;
  for (let attempt = 1; problem === undefined; attempt += 1) {
    if (await spec.answers(port)) return;
    await delay(50);
    if (Date.now() - began > spec.deadlineMs) problem = `does not answer after ${seconds(began)}`;
    if (attempt % 20 !== 0) continue;
    if ((await container.inspect()).RestartCount >= RESTARTS) problem = 'dies again and again';
  }
  const framed = await container.logs({ stdout: true, stderr: true, tail: LAST_LINES });
  // Without a terminal each piece follows a frame: the stream's number, three zero bytes and a length of four bytes.
  const lines = framed.toString('latin1').replaceAll(/[\0-\x02]\0{3}[^]{4}/g, '');
  throw new SetupError(
    `${spec.title} (container ${spec.name}) ${problem}. Its last lines:\n${Buffer.from(lines, 'latin1').toString()}`,
  );
}
