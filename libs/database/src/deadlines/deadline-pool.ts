import pg, { type ClientConfig, type PoolClient, type PoolConfig } from 'pg';
import { DatabaseTimeoutError, Responsiveness } from './responsiveness.js';

/** Options of a pool whose callers wait for a limited time. */
export interface DeadlinePoolConfig extends PoolConfig {
  /** Milliseconds for each query. */
  readonly deadlineMs: number;
}

type ConnectCallback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/**
 * A pool whose queries fail after a deadline. Postgres may still work on such a query, so its connection is closed
 * instead of used again; Postgres notices that and cancels the query.
 */
export class DeadlinePool extends pg.Pool {
  private readonly responsiveness: Responsiveness;

  constructor(options: DeadlinePoolConfig) {
    const responsiveness = new Responsiveness(() => ping(options));
    super({ ...options, Client: clientWithDeadline(options.deadlineMs, responsiveness) });
    this.responsiveness = responsiveness;
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<PoolClient> | void {
    if (callback === undefined) return this.responsiveness.ensure().then(() => super.connect());
    this.responsiveness.ensure().then(
      () => super.connect(callback),
      (error: unknown) => callback(error as Error, undefined, () => undefined),
    );
  }
}

/** The part of `pg`'s client that its types leave out. */
interface ClientInternals {
  readonly connection: { readonly stream: { destroy(error: Error): void } };
}

function clientWithDeadline(deadlineMs: number, responsiveness: Responsiveness): typeof pg.Client {
  return class extends pg.Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      // A lost connection rejects its queries; nobody else needs to know.
      this.on('error', () => undefined);
      const query = this.query.bind(this) as (...args: unknown[]) => unknown;
      this.query = ((...args: unknown[]) => this.limited(query(...args))) as typeof this.query;
    }

    private limited(answer: unknown): unknown {
      if (!(answer instanceof Promise)) return answer;
      const began = performance.now();
      const end = () => {
        responsiveness.timedOut(began);
        const { connection } = this as unknown as ClientInternals;
        connection.stream.destroy(new DatabaseTimeoutError());
      };
      const limit = afterReading(end, deadlineMs);
      answer.then(
        () => {
          limit.cancel();
          responsiveness.answered();
        },
        () => limit.cancel(),
      );
      return answer;
    }
  };
}

/**
 * Calls `end` after `ms` unless it is cancelled. Answers that arrived meanwhile are read before: a process that did
 * nothing for longer than `ms`, on a busy machine, would otherwise take its own delay for that of Postgres.
 */
function afterReading(end: () => void, ms: number): { cancel(): void } {
  let reading: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (reading = setImmediate(end)), ms);
  return {
    cancel: () => {
      clearTimeout(timer);
      clearImmediate(reading);
    },
  };
}

async function ping(options: DeadlinePoolConfig): Promise<void> {
  const { deadlineMs, ...config } = options;
  const client = new pg.Client({ ...config, connectionTimeoutMillis: deadlineMs });
  client.on('error', () => undefined);
  const limit = afterReading(() => {
    const { connection } = client as unknown as ClientInternals;
    connection.stream.destroy(new DatabaseTimeoutError());
  }, deadlineMs);
  try {
    await client.connect();
    await client.query('SELECT');
    await client.end();
  } finally {
    limit.cancel();
  }
}
