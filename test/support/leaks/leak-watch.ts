import { readFileSync, readdirSync } from 'node:fs';
import { PeriodicTimer } from '@nexos/queue';
import Docker from 'dockerode';
import { Redis } from 'ioredis';

const LOOK_EVERY_MS = 100;
/** Some processes live for some milliseconds only. */
const PROCESSES_EVERY_MS = 20;

/**
 * Writes down, while a test does other things, what would be gone by its end: the titles of all processes of this
 * machine, every command that Redis is sent, and what the engine knows of the containers and services of an
 * installation, but for the variables that they are told.
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

  /** What the engine knows, and how many containers and services it was asked about. */
  get engineKnows(): { text: string; size: number } {
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
      // It was gone before it was looked at.
      if ((error as { statusCode?: number }).statusCode !== 404) throw error;
    }
  }
}

/** What an engine tells of a thing, but for what its containers are told. */
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
