import { Agent } from 'node:http';
import { visitEcho } from './visitor.js';

/** Sends requests at a constant rate over keep-alive connections until it is stopped. */
export class SteadyLoad {
  readonly versions = new Map<string, number>();
  readonly failures: string[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 50 });
  private readonly pending = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly port: number,
    private readonly host: string,
    ratePerSecond: number,
    private readonly address?: string,
  ) {
    const began = performance.now();
    let sent = 0;
    this.timer = setInterval(() => {
      const due = ((performance.now() - began) / 1000) * ratePerSecond;
      for (; sent < due; sent += 1) this.send();
    }, 5);
  }

  get answered(): number {
    return [...this.versions.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.pending);
    this.agent.destroy();
  }

  private send(): void {
    const sending = visitEcho({
      port: this.port,
      host: this.host,
      agent: this.agent,
      ...(this.address !== undefined && { address: this.address }),
    })
      .then(
        ({ version }) => void this.versions.set(version, (this.versions.get(version) ?? 0) + 1),
        (error: unknown) => void this.failures.push(String(error)),
      )
      .finally(() => this.pending.delete(sending));
    this.pending.add(sending);
  }
}
