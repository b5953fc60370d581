import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Authorizations, type OAuthApp } from './authorizations.js';
import { toUserResponse, type TestUser, type UserInstallation } from './test-user.js';

/** The path of the API of GitHub Enterprise Server. */
const API = '/api/v3';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface GithubOAuthServer {
  /** The value for `GITHUB_URL`. */
  readonly url: string;
  /** The value for `GITHUB_API_URL`. */
  readonly apiUrl: string;
  /** All requests since the start, such as `POST /login/oauth/access_token`. */
  readonly requests: readonly string[];
  /** All tokens issued so far. */
  readonly tokens: () => readonly string[];
  /** The user signed in at GitHub who grants access; null for one who denies it. */
  visitor: TestUser | null;
  /** The responses to these paths; null drops the connection. */
  readonly faults: Map<string, Answer | null>;
  /** What users can use of Apps, by the ids of the users. */
  readonly installations: Map<TestUser['id'], readonly UserInstallation[]>;
  stop(): Promise<void>;
}

/** Starts the part of GitHub that signs users in through one OAuth App, over HTTP as GitHub documents it. */
export async function startGithubOAuth(app: OAuthApp): Promise<GithubOAuthServer> {
  const authorizations = new Authorizations(app);
  const requests: string[] = [];
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const github: GithubOAuthServer = {
    url,
    apiUrl: `${url}${API}`,
    requests,
    tokens: () => authorizations.issued,
    visitor: null,
    faults: new Map(),
    installations: new Map(),
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    const body = new URLSearchParams(await readBody(request));
    requests.push(`${request.method ?? ''} ${pathname}`);
    const fault = github.faults.get(pathname);
    if (fault === null) response.destroy();
    else if (fault !== undefined) send(response, fault);
    else if (pathname === '/login/oauth/authorize')
      redirect(response, authorizations.authorize(searchParams, github.visitor));
    else if (pathname === '/login/oauth/access_token') answerToken(request, response, body);
    else send(response, answerApi(request, pathname, searchParams));
  }

  function answerToken(request: IncomingMessage, response: ServerResponse, body: URLSearchParams): void {
    const answer = authorizations.exchange(body);
    if (request.headers.accept?.includes('application/json') === true) {
      send(response, { status: 200, body: answer });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' });
    response.end(new URLSearchParams({ ...answer }).toString());
  }

  /** https://docs.github.com/en/rest/users/users#get-the-authenticated-user, /rest/users/emails, /rest/apps/installations */
  function answerApi(request: IncomingMessage, pathname: string, query: URLSearchParams): Answer {
    const user = authorizations.userOf(request.headers.authorization);
    if (user === undefined) return { status: 401, body: { message: 'Bad credentials' } };
    if (pathname === `${API}/user`) return { status: 200, body: toUserResponse(user) };
    if (pathname === `${API}/user/emails`) return { status: 200, body: user.emails };
    if (pathname === `${API}/user/installations`)
      return installationsPage(github.installations.get(user.id) ?? [], query);
    return { status: 404, body: { message: 'Not Found' } };
  }

  return github;
}

/** https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token */
function installationsPage(all: readonly UserInstallation[], query: URLSearchParams): Answer {
  const size = Number(query.get('per_page') ?? 30);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  const installations = all.slice(from, from + size);
  return { status: 200, body: { total_count: all.length, installations } };
}

function redirect(response: ServerResponse, target: URL | null): void {
  if (target === null) response.writeHead(404).end('Not Found');
  else response.writeHead(302, { location: target.href }).end();
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
