import type { KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import type { components } from '@octokit/openapi-types';
import {
  type Answer,
  type ApiRequest,
  headersProblem,
  INVALID,
  NOT_FOUND,
  readRequest,
  unprocessable,
} from './api-request.js';
import { isAppJwt } from './app-jwt.js';
import { CheckRunsDouble } from './check-runs.js';
import { DeploymentsDouble } from './deployments.js';
import { canTakeEffect, type FaultRule, sendAnswer, sendFault } from './faults.js';
import { HookDeliveriesDouble } from './hook-deliveries.js';
import { InstallationLists } from './installation-lists.js';
import { Installations, type PermissionName, type TokenRequest } from './installations.js';
import { ManifestsDouble } from './manifests.js';
import { PullRequestsDouble } from './pull-requests.js';
import { RepositoriesDouble } from './repositories.js';

type Integration = NonNullable<components['schemas']['integration']>;

/** The path of the API of GitHub Enterprise Server. */
const BASE = '/api/v3';

/** The permission that each path within a repository needs. */
const PERMISSIONS: readonly (readonly [RegExp, PermissionName])[] = [
  [/^\/(check-runs|commits)\b/, 'checks'],
  [/^\/deployments\b/, 'deployments'],
  [/^\/(pulls|issues)\b/, 'pull_requests'],
  [/^$|^\/collaborators\b/, 'metadata'],
];

/**
 * GitHub's REST API over HTTP, for one App: the part that Nexos uses. It verifies signatures, tokens with their
 * repositories and permissions, headers and bodies, as GitHub does, and fails as a test says.
 */
export class GithubApi {
  /** All requests since the start, such as `POST /app/installations/7/access_tokens`. */
  readonly requests: string[] = [];
  /** Requests that were not as GitHub's documentation asks, with the reason. */
  readonly malformed: string[] = [];
  readonly checkRuns = new CheckRunsDouble();
  readonly deployments = new DeploymentsDouble();
  readonly hook = new HookDeliveriesDouble();
  readonly pullRequests: PullRequestsDouble;
  readonly repositories = new RepositoriesDouble();
  readonly installations: Installations;
  readonly manifests: ManifestsDouble;
  /** The App's name in URLs. */
  slug = 'nexos-test';
  readonly lists: InstallationLists;
  /** How long every answer takes. */
  delayMs = 0;
  /** The most requests that were being answered at the same time. */
  peak = 0;
  private answering = 0;
  private rule: FaultRule | null = null;
  private everywhere: Answer | null = null;
  private readonly server = createServer((request, response) => {
    if (request.url?.startsWith(BASE) !== true) {
      this.respondToBrowser(request, response).catch((error: unknown) => response.destroy(error as Error));
      return;
    }
    readRequest(request, BASE).then(
      (read) => {
        this.respond(read, response);
      },
      (error: unknown) => response.destroy(error as Error),
    );
  });

  private constructor(private readonly app: { id: string; publicKey: KeyObject }) {
    this.installations = new Installations(app.id);
    this.lists = new InstallationLists(this.installations, app.id);
    this.pullRequests = new PullRequestsDouble(Number(app.id));
    this.manifests = new ManifestsDouble(Number(app.id));
  }

  static async start(app: { id: string; publicKey: KeyObject }): Promise<GithubApi> {
    const api = new GithubApi(app);
    await new Promise<void>((resolve, reject) => {
      api.server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  /** The value for `GITHUB_API_URL`. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}${BASE}`;
  }

  /** The value for `GITHUB_URL` where only its pages matter. */
  get webUrl(): string {
    return new URL(this.url).origin;
  }

  /** All requests for a token since the start. */
  get tokenRequests(): readonly TokenRequest[] {
    return this.installations.tokenRequests;
  }

  /** Installs the App on `owner/name`. */
  install(repository: string, installationId: number): void {
    this.installations.install(repository, installationId);
  }

  /** Sets the lifetime of the next tokens in seconds; it is an hour at first, as at GitHub. */
  setTokenLifetime(seconds: number): void {
    this.installations.lifetimeSeconds = seconds;
  }

  /** Sent in response to every request while not null. */
  simulate(answer: Answer | null): void {
    this.everywhere = answer;
  }

  /** Has those requests fail for which the rule returns a fault. */
  failWhen(rule: FaultRule | null): void {
    this.rule = rule;
  }

  /** Ends the requests that are waiting for an answer. */
  dropConnections(): void {
    this.server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.dropConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  /** Answers the form of a page that creates an App. */
  private async respondToBrowser(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.webUrl);
    const form = new URLSearchParams(await text(request));
    sendAnswer(response, this.manifests.submit(pathname, searchParams, form));
  }

  private respond(request: ApiRequest, response: ServerResponse): void {
    const name = `${request.method} ${request.path}`;
    const fault = this.rule?.(name, this.requests.length, request.body) ?? null;
    this.requests.push(name);
    if (fault !== null) {
      if (fault.isApplied && canTakeEffect(fault.kind)) this.answer(request);
      sendFault(response, fault.kind);
      return;
    }
    const answer = this.everywhere ?? this.answer(request);
    const { message } = Object(answer.body) as { message?: string };
    if (message?.startsWith(INVALID) === true) this.malformed.push(`${name}: ${message}`);
    this.peak = Math.max(this.peak, ++this.answering);
    setTimeout(() => {
      this.answering -= 1;
      sendAnswer(response, answer);
    }, this.delayMs);
  }

  private answer(request: ApiRequest): Answer {
    const code = /^\/app-manifests\/([^/]+)\/conversions$/.exec(request.path)?.[1];
    // The code is the credential, and there is no body.
    if (request.method === 'POST' && code !== undefined) return this.manifests.convert(code);
    const problem = headersProblem(request);
    if (problem !== null) {
      this.malformed.push(`${request.method} ${request.path}: ${problem}`);
      return { status: 403, body: { message: problem } };
    }
    if (request.path === '/installation/repositories') return this.lists.repositories(request);
    const [, given, path] = this.placeOf(request.path);
    if (given !== undefined && path !== undefined) {
      const redirect = this.repositories.redirect(given, path, this.url);
      if (redirect !== null) return redirect;
    }
    const repository = given === undefined ? undefined : this.repositories.canonical(given);
    const isInstallation = path === '/installation';
    return repository === undefined || path === undefined || isInstallation
      ? this.answerApp(request, isInstallation ? repository : undefined)
      : this.answerRepository(request, repository, path);
  }

  /** Returns the repository of a path, by its name or its id, and the rest of the path. */
  private placeOf(path: string): readonly (string | undefined)[] {
    const [, id, rest] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
    if (id !== undefined) return [path, this.repositories.nameOf(Number(id)) ?? undefined, rest ?? ''];
    const [, name, further] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
    return [path, name, name === undefined ? undefined : (further ?? '')];
  }

  private answerApp(request: ApiRequest, repository: string | undefined): Answer {
    const key = this.manifests.publicKey ?? this.app.publicKey;
    if (!isAppJwt(request.headers.authorization, this.app.id, key)) {
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    }
    const { method, path, body } = request;
    if (method === 'GET' && repository !== undefined) return this.installations.find(repository);
    if (method === 'GET' && path === '/app') {
      return this.manifests.details() ?? { status: 200, body: appNamed(this.app.id, this.slug) };
    }
    const ofHook = this.hook.answer(request);
    if (ofHook !== null) return ofHook;
    const listed = this.lists.answerApp(request);
    if (listed !== null) return listed;
    const id = /^\/app\/installations\/(\d+)\/access_tokens$/.exec(path)?.[1];
    if (method !== 'POST' || id === undefined) return NOT_FOUND;
    if (typeof body !== 'object' || body === null) return unprocessable('The body is no object.');
    return this.installations.createToken(Number(id), body);
  }

  private answerRepository(request: ApiRequest, repository: string, path: string): Answer {
    const permission = PERMISSIONS.find(([pattern]) => pattern.test(path))?.[1];
    if (permission === undefined) return NOT_FOUND;
    return (
      this.installations.denial(request, repository, permission) ??
      this.checkRuns.answer(repository, path, request) ??
      this.deployments.answer(repository, path, request) ??
      this.pullRequests.answer(repository, path, request) ??
      this.repositories.answer(repository, path, request) ??
      NOT_FOUND
    );
  }
}

/** https://docs.github.com/en/rest/apps/apps#get-the-authenticated-app */
function appNamed(id: string, slug: string): Pick<Integration, 'id' | 'slug' | 'html_url'> {
  return { id: Number(id), slug, html_url: `https://github.example/apps/${slug}` };
}
