import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ENGINE = '/var/run/docker.sock';

/** A proxy in front of the engine's socket, which can be slow, or cut. */
export class EngineProxy {
  private readonly ends = new Set<Socket>();
  private server: Server | undefined;
  private delayMs = 0;

  private constructor(private readonly folder: string) {}

  static async start(): Promise<EngineProxy> {
    const proxy = new EngineProxy(mkdtempSync(join(tmpdir(), 'nexos-engine-proxy-')));
    await proxy.restore();
    return proxy;
  }

  /** The value of `DOCKER_HOST`. */
  get host(): string {
    return `unix://${this.path}`;
  }

  /** Delays everything that passes from now on, in both directions. */
  slowDown(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** Closes all connections, and refuses new ones. */
  async cut(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const end of this.ends) end.destroy();
    await closed;
  }

  /** Accepts connections again, and passes everything on at once. */
  async restore(): Promise<void> {
    this.delayMs = 0;
    if (this.server !== undefined) return;
    this.server = createServer({ allowHalfOpen: true }, (client) => this.accept(client)).listen(this.path);
    await once(this.server, 'listening');
  }

  async stop(): Promise<void> {
    await this.cut();
    rmSync(this.folder, { recursive: true });
  }

  private get path(): string {
    return join(this.folder, 'docker.sock');
  }

  private accept(client: Socket): void {
    const engine = connect({ path: ENGINE, allowHalfOpen: true });
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.ends.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.ends.delete(from);
        this.later(() => to.destroy());
      });
      from.on('end', () => this.later(() => to.end()));
      from.on('data', (data) => this.later(() => to.writable && to.write(data)));
    }
  }

  /** Timers of equal delay run in order. */
  private later(work: () => void): void {
    if (this.delayMs === 0) work();
    else setTimeout(work, this.delayMs);
  }
}
