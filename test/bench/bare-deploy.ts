import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deploymentSettings } from '@nexos/settings';
import Docker from 'dockerode';
import { isolatedGit } from '../support/git-server/isolated-git.js';

const DEFAULTS = deploymentSettings({});
const run = promisify(execFile);
const POLL_MS = 20;
const DEADLINE_MS = 60_000;
const REQUEST_MS = 5_000;
const PORT = 3000;
/** The same limits as Nexos sets, since Node.js starts slower with less CPU. */
const LIMITS = [...['--limit-cpu', String(DEFAULTS.cpu)], ...['--limit-memory', `${DEFAULTS.memory_mb}m`]];

/** How long the parts of a deployment took, in milliseconds. */
export interface BareTimes {
  readonly build: number;
  /** Until the engine reports the last container as running. */
  readonly start: number;
  /** From there until all have responded. */
  readonly probe: number;
}

/**
 * The baseline without Nexos: `docker build` and `docker service create`, on the same engine and the overlay of the same
 * project, with Nexos' default limits for an app. Its container is reached directly, as soon as it has started, at the
 * address that the engine gives every container of an overlay besides.
 */
export class BareDeploys {
  private number = 0;

  /**
   * @param overlay the network of the project to compare with
   * @param label the label that everything gets
   */
  constructor(
    private readonly overlay: string,
    private readonly label: string,
  ) {}

  /**
   * Builds a commit and starts it.
   *
   * @param folders each has a Dockerfile; all are built, and then started, at the same time
   * @param hasOwnNetwork whether they also join a new overlay network, which counts as part of the start
   */
  async deploy(
    remote: string,
    branch: string,
    folders: readonly string[] = ['.'],
    hasOwnNetwork = false,
  ): Promise<BareTimes & { readonly services: readonly string[] }> {
    const clone = await mkdtemp(join(tmpdir(), 'nexos-bench-'));
    try {
      await isolatedGit(clone, ['clone', '--quiet', '--depth', '1', '--branch', branch, remote, '.']);
      const began = Date.now();
      const images = await Promise.all(folders.map((folder) => this.build(join(clone, folder))));
      const built = Date.now();
      const networks = hasOwnNetwork ? [this.overlay, await this.createNetwork()] : [this.overlay];
      const services = await Promise.all(images.map((image) => this.start(image, networks)));
      const answered = Date.now();
      const started = Math.max(...(await Promise.all(services.map((name) => startedAt(labelOf(name))))));
      return { build: built - began, start: started - built, probe: answered - started, services };
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  }

  private async createNetwork(): Promise<string> {
    const name = `bare-network-${++this.number}`;
    await run('docker', ['network', 'create', '--driver', 'overlay', '--label', this.label, name]);
    return name;
  }

  /** Returns the name of the service, once it answers. */
  private async start(image: string, networks: readonly string[]): Promise<string> {
    const service = `bare-${++this.number}`;
    const joined = networks.flatMap((network) => ['--network', network]);
    const options = ['--detach', '--quiet', '--no-resolve-image', ...joined];
    await this.untilAnswers(service, [
      ...['service', 'create', ...options, '--endpoint-mode', 'dnsrr', '--label', this.label],
      ...[...LIMITS, '--name', service, '--env', `PORT=${PORT}`, image],
    ]);
    return service;
  }

  /** Builds like `docker build`; the command itself supports BuildKit only with a plug-in that may be missing. */
  private async build(folder: string): Promise<string> {
    const docker = new Docker();
    const t = `nexos-bench:${randomUUID()}`;
    const [name = '', value = ''] = this.label.split('=');
    const src = (await readdir(folder)).filter((entry) => entry !== '.git');
    const answer = await docker.buildImage(
      { context: folder, src },
      { version: '2', t, labels: { [name]: value } },
    );
    answer.resume();
    await once(answer, 'end');
    return (await docker.getImage(t).inspect()).Id;
  }

  /** Scales a service from 0 to 1 and returns the milliseconds until its first response. */
  async scaleUp(service: string): Promise<number> {
    await run('docker', ['service', 'scale', '--detach', `${service}=0`]);
    await stopped(service);
    const began = Date.now();
    await this.untilAnswers(service, ['service', 'scale', '--detach', `${service}=1`]);
    return Date.now() - began;
  }

  /** Removes services, and waits until their containers have stopped, so that this disturbs nothing else. */
  async remove(services: readonly string[]): Promise<void> {
    await run('docker', ['service', 'rm', ...services]);
    await Promise.all(services.map(stopped));
  }

  /** Runs a command that starts a container of the service, and waits until that answers. */
  private async untilAnswers(service: string, command: readonly string[]): Promise<void> {
    const docker = new Docker();
    const filters = JSON.stringify({ type: ['container'], event: ['start'], label: [labelOf(service)] });
    const events = (await docker.getEvents({ filters })) as Readable;
    try {
      const started = once(events, 'data', { signal: AbortSignal.timeout(DEADLINE_MS) });
      const [[data]] = (await Promise.all([started, run('docker', command)])) as [[Buffer], unknown];
      const { id } = JSON.parse(data.toString()) as { id: string };
      const address = await addressOf(docker, id);
      await until(`${service} to answer`, () => answers(address));
    } finally {
      events.destroy();
    }
  }
}

async function stopped(service: string): Promise<void> {
  const filters = { label: [labelOf(service)] };
  await until(
    `${service} to stop`,
    async () => (await new Docker().listContainers({ filters })).length === 0,
  );
}

/** Returns the label that Swarm gives a service's containers. */
function labelOf(service: string): string {
  return `com.docker.swarm.service.name=${service}`;
}

/** Returns the address of a container on the network to which the engine connects those of all overlays. */
async function addressOf(docker: Docker, id: string): Promise<string> {
  const [container, network] = await Promise.all([
    docker.getContainer(id).inspect(),
    docker.getNetwork('docker_gwbridge').inspect(),
  ]);
  const name = `gateway_${container.NetworkSettings.SandboxID.slice(0, 12)}`;
  const found = Object.values(network.Containers ?? {}).find(({ Name }) => Name === name);
  return found?.IPv4Address.split('/')[0] ?? '';
}

async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`timed out waiting for ${what}`);
    await wait(POLL_MS);
  }
}

/** Sends one request over a connection of its own, as the ingress does to probe an app. */
function answers(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request({ host, port: PORT, agent: false, timeout: REQUEST_MS }, (response) => {
      response.destroy();
      resolve(true);
    });
    outgoing.once('timeout', () => outgoing.destroy());
    outgoing.once('error', () => resolve(false));
    outgoing.end();
  });
}

/** Returns when the last container with a label was started, in milliseconds since the epoch. */
export async function startedAt(label: string): Promise<number> {
  const docker = new Docker();
  const containers = await docker.listContainers({ filters: { label: [label] } });
  if (containers.length === 0) throw new Error(`No container has the label ${label}.`);
  const details = await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).inspect()));
  return Math.max(...details.map(({ State }) => Date.parse(State.StartedAt)));
}
