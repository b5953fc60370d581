import { Agent, request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { eventually } from './cleanup.js';

export interface Visit {
  readonly port: number;
  /** The ingress's IP address, by default 127.0.0.1. */
  readonly address?: string;
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly agent?: Agent;
  readonly body?: Buffer;
  /** Without a byte from the ingress; 10 s by default. */
  readonly timeoutMs?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** The echo app's version, and the request that it received. */
export interface Echo {
  readonly version: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/** Sends one request to an IP address, since Node does not resolve names under `localhost`. */
export function visit(visited: Visit): Promise<Answer> {
  const { port, address = '127.0.0.1', host, path = '/', method = 'GET' } = visited;
  const { headers, agent, body, timeoutMs = 10_000 } = visited;
  return new Promise((resolve, reject) => {
    const options = { host: address, port, path, method, headers: { ...headers, host } };
    const outgoing = request({ ...options, agent: agent ?? false, timeout: timeoutMs }, (response) => {
      readAll(response).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        reject,
      );
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

export async function visitEcho(visited: Visit): Promise<Echo> {
  const { status, body } = await visit(visited);
  if (status !== 200) throw new Error(`status ${status}: ${body}`);
  return JSON.parse(body) as Echo;
}

/** How long the ingress lets a request wait for a container, with some tolerance, in milliseconds. */
const HELD_MS = 900;

/**
 * Sends a request again as long as the ingress answers 503, which it must not do before the request has waited: a
 * container may take longer to come.
 */
export async function visitPatiently(visited: Visit): Promise<Answer> {
  return eventually('an answer from a container', async () => {
    const began = performance.now();
    const answer = await visit(visited);
    if (answer.status !== 503) return answer;
    const heldMs = performance.now() - began;
    if (heldMs < HELD_MS) throw new Error(`refused after ${heldMs} ms: ${answer.body}`);
    return undefined;
  });
}

async function readAll(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += chunk as string;
  return text;
}

/** Writes raw bytes, and returns what is received until the connection closes, or nothing happens for so long. */
export function sendRaw(port: number, bytes: string, timeoutMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (answer += text));
    socket.once('error', reject);
    socket.once('close', () => resolve(answer));
  });
}

/** A WebSocket after its handshake; the echo app sends every byte back. */
export class EchoSocket {
  closed = false;

  private constructor(private readonly socket: Socket) {
    socket.once('close', () => (this.closed = true));
    socket.on('error', () => (this.closed = true));
  }

  static open(port: number, host: string, address = '127.0.0.1'): Promise<EchoSocket> {
    return new Promise((resolve, reject) => {
      const headers = {
        host,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      };
      const outgoing = request({ host: address, port, headers, agent: false });
      outgoing.once('upgrade', (_response, socket) => resolve(new EchoSocket(socket)));
      outgoing.once('response', ({ statusCode = 0 }) => reject(new Error(`no upgrade: ${statusCode}`)));
      outgoing.once('error', reject);
      outgoing.end();
    });
  }

  /** Sends text, and returns what comes back within 5 s. */
  echo(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const lost = () => settle(() => reject(new Error('the connection was closed')));
      const answered = (data: Buffer) => settle(() => resolve(data.toString()));
      const late = setTimeout(() => settle(() => reject(new Error('no echo within 5 s'))), 5_000);
      const settle = (outcome: () => void) => {
        clearTimeout(late);
        this.socket.off('close', lost).off('data', answered);
        outcome();
      };
      this.socket.once('close', lost).once('data', answered).write(text);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
