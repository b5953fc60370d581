import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { deploymentSettings } from '@nexos/settings';
import { IngressProbe } from '@nexos/ingress';
import Docker from 'dockerode';
import { isolatedGit } from '../support/git-server/isolated-git.js';

const DEFAULTS = deploymentSettings({});
const run = promisify(execFile);
const POLL_MS = 20;
const DEADLINE_MS = 60_000;
const PORT = 3000;
/** The same limits as Nexos sets, since Node.js starts slower with less CPU. */
const LIMITS = [...['--limit-cpu', String(DEFAULTS.cpu)], ...['--limit-memory', `${DEFAULTS.memory_mb}m`]];

/**
 * The baseline without Nexos: `docker build` and `docker service create`, on the same engine and network, with Nexos'
 * default limits for an app.
 */
export class BareDeploys {
  private number = 0;

  /**
   * @param network the network of the project to compare with, so that services are reached the same way
   * @param label the label that everything gets
   */
  constructor(
    private readonly probe: IngressProbe,
    private readonly network: string,
    private readonly label: string,
  ) {}

  /**
   * Builds a commit and starts it.
   *
   * @returns the service's name, and milliseconds for the build, from there until the engine reports the container as
   *   running, and from there until the first response
   */
  async deploy(
    remote: string,
    branch: string,
  ): Promise<{ build: number; start: number; probe: number; service: string }> {
    const folder = await mkdtemp(join(tmpdir(), 'nexos-bench-'));
    try {
      await isolatedGit(folder, ['clone', '--quiet', '--depth', '1', '--branch', branch, remote, '.']);
      const began = Date.now();
      const image = await this.build(folder);
      const built = Date.now();
      const service = `bare-${++this.number}`;
      const options = ['--detach', '--quiet', '--no-resolve-image', '--network', this.network];
      await run('docker', [
        ...['service', 'create', ...options, '--endpoint-mode', 'dnsrr', '--label', this.label],
        ...[...LIMITS, '--name', service, '--env', `PORT=${PORT}`, image],
      ]);
      await this.untilAnswers(service);
      const answered = Date.now();
      const started = await startedAt(`com.docker.swarm.service.name=${service}`);
      return { build: built - began, start: started - built, probe: answered - started, service };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
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
    await this.until(service, (kind) => kind === 'unresolved');
    const began = Date.now();
    await run('docker', ['service', 'scale', '--detach', `${service}=1`]);
    await this.untilAnswers(service);
    return Date.now() - began;
  }

  async remove(service: string): Promise<void> {
    await run('docker', ['service', 'rm', service]);
  }

  private untilAnswers(service: string): Promise<void> {
    return this.until(service, (kind) => kind === 'answered');
  }

  private async until(service: string, condition: (kind: string) => boolean): Promise<void> {
    const deadline = Date.now() + DEADLINE_MS;
    const request = { service, port: PORT, host: `${service}.localhost`, path: '/', timeoutMs: 5_000 };
    while (!condition((await this.probe.probe(request)).kind)) {
      if (Date.now() > deadline)
        throw new Error(`${service} did not reach the expected state within ${DEADLINE_MS / 1000} s.`);
      await wait(POLL_MS);
    }
  }
}

/** Returns when the container with a label was started, in milliseconds since the epoch. */
export async function startedAt(label: string): Promise<number> {
  const docker = new Docker();
  const [container] = await docker.listContainers({ filters: { label: [label] } });
  if (container === undefined) throw new Error(`No container has the label ${label}.`);
  return Date.parse((await docker.getContainer(container.Id).inspect()).State.StartedAt);
}
