import { timingSafeEqual } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Fault } from './fault.js';
import { serveWithGit } from './git-http-backend.js';
import { isolatedGit } from './isolated-git.js';

export interface GitServerOptions {
  /** The folder that holds the repositories, as `<owner>/<name>.git`. */
  readonly root: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Defaults to 127.0.0.1. */
  readonly host?: string;
  /** Required by private repositories. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Creates a missing repository on the first push to it. */
  readonly createsOnPush?: boolean;
}

export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface GitServer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** Every request since the start. */
  readonly requests: readonly SeenRequest[];
  /** Creates an empty repository unless it exists, and returns its URL. */
  createRepository(owner: string, name: string, options?: { private?: boolean }): Promise<string>;
  /** Makes a repository `owner/name` private, to be used with the tokens that the function accepts. */
  protect(repository: string, accepts: (token: string) => boolean): void;
  /** Simulates a fault from now on; null ends it. */
  simulate(fault: Fault | null): void;
  stop(): Promise<void>;
}

/** The request that git sends before a push. */
const PUSHED = /^\/(\w[\w.-]*\/\w[\w.-]*\.git)\/info\/refs\?service=git-receive-pack$/;

/**
 * Starts a Git host for tests and the demo: smart HTTP through `git http-backend`, which comes with git. As on GitHub,
 * any commit can be fetched by its SHA; unlike on GitHub, anyone may push.
 *
 * @see https://git-scm.com/docs/git-http-backend
 */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const { root, host = '127.0.0.1' } = options;
  await mkdir(root, { recursive: true });
  const backend = { program: join(await isolatedGit(root, ['--exec-path']), 'git-http-backend'), root };
  const requests: SeenRequest[] = [];
  const privateRepositories = new Set<string>();
  const byToken = new Map<string, (token: string) => boolean>();
  let fault: Fault | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '' } = request;
    requests.push({ method, url, authorization: request.headers.authorization });
    const current = fault;
    if (current !== null && (await misbehave(current, request, response))) return;
    const repository = /^\/[^/]+\/[^/]+\.git\//.exec(url)?.[0];
    const pushed = options.createsOnPush === true ? PUSHED.exec(url)?.[1] : undefined;
    if (pushed !== undefined) await ensureRepository(join(root, pushed));
    const accepts = byToken.get(repository ?? '');
    const isRefused =
      repository !== undefined &&
      privateRepositories.has(repository) &&
      !isAllowed(request, options.credentials);
    if (isRefused || accepts?.(tokenIn(request)) === false) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="nexos"' }).end();
      return;
    }
    serveWithGit(backend, request, response, current);
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    simulate: (next) => {
      fault = next;
    },
    createRepository: async (owner, name, { private: isPrivate = false } = {}) => {
      const address = await createRepository({ root, url }, owner, name);
      if (isPrivate) privateRepositories.add(`/${owner}/${name}.git/`);
      return address;
    },
    protect: (repository, accepts) => {
      byToken.set(`/${repository}.git/`, accepts);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const repositories = new Map<string, Promise<void>>();

/**
 * Creates an empty repository, unless it exists, at a Git host that this or another process runs, and returns its URL.
 */
export async function createRepository(
  { root, url }: { readonly root: string; readonly url: string },
  owner: string,
  name: string,
): Promise<string> {
  await ensureRepository(join(root, owner, `${name}.git`));
  return `${url}/${owner}/${name}.git`;
}

function ensureRepository(path: string): Promise<void> {
  const creation = repositories.get(path) ?? initialize(path);
  repositories.set(path, creation);
  return creation;
}

async function initialize(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await isolatedGit(path, ['init', '--bare', '--quiet', '--template=', '--initial-branch=main']);
  await isolatedGit(path, ['config', 'http.receivepack', 'true']);
  await isolatedGit(path, ['config', 'uploadpack.allowAnySHA1InWant', 'true']);
}

/** Returns whether the fault has answered the request instead of git. */
async function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  switch (fault.kind) {
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.milliseconds).unref());
      return false;
    case 'status':
      response.writeHead(fault.status).end('This is a simulated fault.\n');
      return true;
    case 'refuse':
      request.socket.destroy();
      return true;
    case 'redirect':
      response.writeHead(302, { location: `${fault.origin}${request.url ?? ''}` }).end();
      return true;
    case 'cut-off':
    case 'tips-only':
      return false;
  }
}

/** Returns the token of a request, which GitHub expects as a password; empty without one. */
function tokenIn({ headers }: IncomingMessage): string {
  const [, pair = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? [];
  const [, token = ''] = /^x-access-token:(.*)$/.exec(Buffer.from(pair, 'base64').toString()) ?? [];
  return token;
}

function isAllowed(request: IncomingMessage, credentials: GitServerOptions['credentials']): boolean {
  if (credentials === undefined) return false;
  const pair = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  const expected = Buffer.from(`Basic ${pair}`);
  const given = Buffer.from(request.headers.authorization ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
