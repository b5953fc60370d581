import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../support/eventually.js';
import { visit } from '../support/nexos/visit.js';

const CLIENTS = 4;
/** Milliseconds between an answer and the same client's next request: any gap is noticed, and the load is small. */
const PAUSE_MS = 20;

/** A few clients that request one URL all the time, and count what they are answered. */
export class SteadyLoad {
  readonly clients = CLIENTS;
  /** What went wrong with a request, for each that failed. */
  readonly failures: string[] = [];
  private readonly answers = new Map<string, number>();
  private readonly agent = new Agent({ keepAlive: true });
  private running = true;
  private readonly ended: Promise<unknown>;

  constructor(private readonly url: string) {
    this.ended = Promise.all(Array.from({ length: CLIENTS }, () => this.request()));
  }

  /** How often the answer so far was 200 and this text. */
  count(text: string): number {
    return this.answers.get(text) ?? 0;
  }

  /** Every request so far, the failed ones too. */
  get total(): number {
    return this.failures.length + [...this.answers.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Waits until so many more requests have been made. */
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
        else this.failures.push(`it was answered ${status}`);
      } catch (error) {
        this.failures.push((error as Error).message);
      }
      await wait(PAUSE_MS);
    }
  }
}
