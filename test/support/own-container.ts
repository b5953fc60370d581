import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { anyPort } from './any-port.js';
import { eventually } from './eventually.js';
import { findTheEngine, LABELS, removeInstallation } from './machine.js';
import { identify, isRunning } from './process-identity.js';

/** The label that names a container's owner: the process's id and start time. */
const OWNER = 'dev.nexos.test.owner';

export interface OwnContainerOptions {
  /** Completes the container's name, and messages. */
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly string[];
  /** In the container; published on a port of 127.0.0.1, the same one after a restart. */
  readonly port: number;
}

/** A server in a container of a test file's own, which can crash, freeze and come back. */
export abstract class OwnContainer {
  protected constructor(
    protected readonly name: string,
    protected readonly container: Docker.Container,
    private readonly instance: string,
    protected readonly publishedPort: string,
  ) {}

  /** Starts a container, and removes those of processes that have ended. */
  protected static async run(options: OwnContainerOptions) {
    const engine = await findTheEngine();
    await removeLeftovers(engine);
    const instance = `t${randomBytes(3).toString('hex')}`;
    const { pid, began } = identify(process.pid);
    const publishedPort = String(await anyPort());
    const port = `${options.port}/tcp`;
    const container = await engine.createContainer({
      name: `nexos-${instance}-${options.name}`,
      Image: options.image,
      ...(options.command === undefined ? {} : { Cmd: [...options.command] }),
      Env: [...(options.env ?? [])],
      Labels: { [LABELS.instance]: instance, [OWNER]: `${pid}:${began}` },
      ExposedPorts: { [port]: {} },
      HostConfig: { PortBindings: { [port]: [{ HostIp: '127.0.0.1', HostPort: publishedPort }] } },
    });
    await container.start();
    return { container, instance, publishedPort };
  }

  /** Kills the server, as a crash would; its data is kept. */
  async stop(): Promise<void> {
    await this.container.kill();
  }

  async restart(): Promise<void> {
    await this.container.start();
    await this.waitReady();
  }

  /** Stops all processes of the server with SIGSTOP: connections are accepted, but nothing is answered. */
  async freeze(): Promise<void> {
    // The first one first, which starts no others then.
    await this.container.kill({ signal: 'SIGSTOP' });
    await this.signal('SIGSTOP');
  }

  async thaw(): Promise<void> {
    await this.signal('SIGCONT');
  }

  async remove(): Promise<void> {
    await removeInstallation(this.instance);
  }

  private async signal(signal: NodeJS.Signals): Promise<void> {
    const { Titles, Processes } = (await this.container.top()) as { Titles: string[]; Processes: string[][] };
    for (const row of Processes) {
      try {
        process.kill(Number(row[Titles.indexOf('PID')]), signal);
      } catch (error) {
        // It ended after it was listed.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }

  protected async waitReady(): Promise<void> {
    await eventually(
      `${this.name} to answer`,
      () =>
        this.answers().then(
          () => true,
          () => undefined,
        ),
      { everyMs: 50 },
    );
  }

  /** Rejects unless the server answers. */
  protected abstract answers(): Promise<unknown>;
}

async function removeLeftovers(engine: Docker): Promise<void> {
  const containers = await engine.listContainers({ all: true, filters: { label: [OWNER] } });
  for (const { Id, Labels } of containers) {
    const [pid, began = ''] = (Labels[OWNER] ?? '').split(':');
    if (isRunning({ pid: Number(pid), began })) continue;
    try {
      await engine.getContainer(Id).remove({ force: true, v: true });
    } catch (error) {
      // Another test file removes it too.
      if (![404, 409].includes((error as { statusCode?: number }).statusCode ?? 0)) throw error;
    }
  }
}
