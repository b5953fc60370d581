import { readFileSync, readdirSync } from 'node:fs';
import { PeriodicTimer } from '@nexos/queue';
import Docker from 'dockerode';
import { Redis } from 'ioredis';

const LOOK_EVERY_MS = 100;
/** Some processes live only for milliseconds. */
const PROCESSES_EVERY_MS = 20;

/**
 * Records, while a test runs, what would be gone by its end: the titles of all processes on this machine, every command
 * sent to Redis, and what the engine knows about the containers and services of an installation, except their
 * variables.
 */
export class LeakWatch {
  readonly titles = new Set<string>();
  readonly commands: string[] = [];
  private readonly inspected = new Map<string, string>();
  private readonly docker = new Docker();
  private readonly processes = new PeriodicTimer('processes', PROCESSES_EVERY_MS, () =>
    this.lookAtProcesses(),
  );
  private readonly engine = new PeriodicTimer('engine', LOOK_EVERY_MS, () => this.lookAtEngine());
  private monitor: Redis | undefined;

  constructor(
    private readonly instance: string,
    private readonly redisUrl: string,
  ) {}

  async start(): Promise<void> {
    const redis = new Redis(this.redisUrl);
    this.monitor = await redis.monitor();
    this.monitor.on('monitor', (_: string, command: string[]) => this.commands.push(command.join(' ')));
    redis.disconnect();
    this.processes.start();
    this.engine.start();
  }

  async stop(): Promise<void> {
    this.monitor?.disconnect();
    await Promise.all([this.processes.stop(), this.engine.stop()]);
  }

  /** The engine's description of the containers and services, and the number of containers and service versions inspected. */
  get engineText(): { text: string; size: number } {
    return { text: [...this.inspected.values()].join('\n'), size: this.inspected.size };
  }

  private lookAtProcesses(): Promise<void> {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const title = titleOf(pid);
      if (title !== '') this.titles.add(title);
    }
    return Promise.resolve();
  }

  private async lookAtEngine(): Promise<void> {
    const filters = JSON.stringify({ label: [`dev.nexos.instance=${this.instance}`] });
    for (const { Id } of await this.docker.listContainers({ all: true, filters })) {
      if (this.inspected.has(Id)) continue;
      await this.note(Id, () => this.docker.getContainer(Id).inspect());
    }
    for (const service of await this.docker.listServices({ filters })) {
      await this.note(`${service.ID} ${service.Version?.Index ?? 0}`, () => Promise.resolve(service));
    }
  }

  private async note(key: string, inspect: () => Promise<unknown>): Promise<void> {
    try {
      this.inspected.set(key, withoutVariables(await inspect()));
    } catch (error) {
      // It was gone before it was inspected.
      if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    }
  }
}

/** Returns what the engine knows about an object, without the variables of its containers. */
export function withoutVariables(thing: unknown): string {
  return JSON.stringify(thing, (key, value: unknown) => (key === 'Env' ? undefined : value));
}

function titleOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch (error) {
    // It has ended.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return '';
    throw error;
  }
}
