import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { visit } from '../support/nexos/visit.js';

const CLIENTS = 4;
/** Milliseconds between a response and the client's next request: short enough to notice any gap, at a small load. */
const PAUSE_MS = 20;

/** A few clients that request one URL continuously and count the responses. */
export class SteadyLoad {
  readonly clients = CLIENTS;
  /** The error of each failed request. */
  readonly failures: string[] = [];
  private readonly answers = new Map<string, number>();
  private readonly agent = new Agent({ keepAlive: true });
  private running = true;
  private readonly ended: Promise<unknown>;

  constructor(private readonly url: string) {
    this.ended = Promise.all(Array.from({ length: CLIENTS }, () => this.request()));
  }

  /** Returns how many responses so far were 200 with this text. */
  count(text: string): number {
    return this.answers.get(text) ?? 0;
  }

  /** All requests so far, including failed ones. */
  get total(): number {
    return this.failures.length + [...this.answers.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Waits for this many more requests. */
  async more(count: number): Promise<void> {
    const goal = this.total + count;
    await eventually(`${count} more requests`, () => Promise.resolve(this.total >= goal ? true : undefined));
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.ended;
    this.agent.destroy();
  }

  private async request(): Promise<void> {
    while (this.running) {
      try {
        const { status, body } = await visit(this.url, { agent: this.agent });
        if (status === 200) this.answers.set(body, this.count(body) + 1);
        else this.failures.push(`the response was ${status}`);
      } catch (error) {
        this.failures.push((error as Error).message);
      }
      await wait(PAUSE_MS);
    }
  }
}
