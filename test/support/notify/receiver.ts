import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a receiver got. */
interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Answers a request; `null` never does. */
type Answer = number | null | ((response: ServerResponse) => void);

/** An HTTP server that gets messages, keeps them, and answers as a test says. */
export class Receiver {
  readonly received: Received[] = [];
  private paths = 0;
  private readonly answers = new Map<string, Answer[]>();

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Receiver> {
    const server = createServer();
    const receiver = new Receiver(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { url: path = '', headers } = request;
        receiver.received.push({ path, headers, body: Buffer.concat(chunks).toString('utf8') });
        receiver.answer(path, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Returns the address of a path, by default under the loopback address. */
  url(path: string, host = '127.0.0.1'): string {
    return `http://${host}:${this.port}${path}`;
  }

  /** Answers the requests for a path one after the other, the last one for all that follow. Without answers: 204. */
  answerWith(path: string, ...answers: Answer[]): void {
    this.answers.set(path, answers);
  }

  /** Returns a path of its own for a test. */
  aPath(): string {
    return `/${++this.paths}`;
  }

  /** Returns the requests for a path, in order. */
  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Closes all connections. */
  hangUp(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(path: string, response: ServerResponse): void {
    const left = this.answers.get(path) ?? [];
    const answer = left.length > 1 ? left.shift() : left[0];
    if (answer === null) return;
    if (typeof answer === 'function') answer(response);
    else response.writeHead(answer ?? 204).end();
  }
}
