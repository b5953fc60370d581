import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isAppJwt } from './app-jwt.js';
import { type Answer, Installations, type TokenRequest } from './installations.js';

/** The path of the API of GitHub Enterprise Server. */
const BASE = '/api/v3';

export interface GithubApi {
  /** The value for `GITHUB_API_URL`. */
  readonly url: string;
  /** All requests since the start, such as `POST /app/installations/7/access_tokens`. */
  readonly requests: readonly string[];
  /** All requests for a token since the start. */
  readonly tokenRequests: readonly TokenRequest[];
  /** Installs the App on `owner/name`. */
  install(repository: string, installationId: number): void;
  /** Sets the lifetime of the next tokens in seconds; it is an hour at first, as at GitHub. */
  setTokenLifetime(seconds: number): void;
  /** Sent in response to every request while not null. */
  simulate(fault: Answer | null): void;
  stop(): Promise<void>;
}

/** Starts the part of GitHub's REST API that issues installation tokens, for one App whose signature it verifies. */
export async function startGithubApi(app: { id: string; publicKey: KeyObject }): Promise<GithubApi> {
  const installations = new Installations(app.id);
  const requests: string[] = [];
  let fault: Answer | null = null;

  const handle = async (request: IncomingMessage): Promise<Answer> => {
    const { method = '', url = '', headers } = request;
    const body = await readBody(request);
    requests.push(`${method} ${url.slice(BASE.length)}`);
    if (fault !== null) return fault;
    if (!isAppJwt(headers.authorization, app.id, app.publicKey)) {
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    }
    return route(installations, method, url, body);
  };
  const server = createServer((request, response) => {
    handle(request).then(
      (answer) => send(response, answer),
      (error: unknown) => response.destroy(error as Error),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    requests,
    tokenRequests: installations.tokenRequests,
    install: (repository, installationId) => installations.install(repository, installationId),
    setTokenLifetime: (seconds) => {
      installations.lifetimeSeconds = seconds;
    },
    simulate: (next) => {
      fault = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function route(installations: Installations, method: string, url: string, body: string): Answer {
  const repository = /^\/api\/v3\/repos\/([^/]+\/[^/]+)\/installation$/.exec(url)?.[1];
  if (method === 'GET' && repository !== undefined) return installations.find(repository);
  const id = /^\/api\/v3\/app\/installations\/(\d+)\/access_tokens$/.exec(url)?.[1];
  if (method === 'POST' && id !== undefined) {
    return installations.createToken(Number(id), JSON.parse(body) as TokenRequest);
  }
  return { status: 404, body: { message: 'Not Found' } };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
