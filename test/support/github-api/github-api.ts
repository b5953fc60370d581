import type { KeyObject } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
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
import { InstallationLists } from './installation-lists.js';
import { Installations, type PermissionName, type TokenRequest } from './installations.js';
import { PullRequestsDouble } from './pull-requests.js';

/** The path of the API of GitHub Enterprise Server. */
const BASE = '/api/v3';

/** The permission that each path within a repository needs. */
const PERMISSIONS: readonly (readonly [RegExp, PermissionName])[] = [
  [/^\/(check-runs|commits)\b/, 'checks'],
  [/^\/deployments\b/, 'deployments'],
  [/^\/(pulls|issues)\b/, 'pull_requests'],
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
  readonly pullRequests: PullRequestsDouble;
  readonly installations: Installations;
  readonly lists: InstallationLists;
  /** How long every answer takes. */
  delayMs = 0;
  /** The most requests that were being answered at the same time. */
  peak = 0;
  private answering = 0;
  private rule: FaultRule | null = null;
  private everywhere: Answer | null = null;
  private readonly server = createServer((request, response) => {
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

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private respond(request: ApiRequest, response: ServerResponse): void {
    const name = `${request.method} ${request.path}`;
    const fault = this.rule?.(name, this.requests.length) ?? null;
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
    const problem = headersProblem(request);
    if (problem !== null) {
      this.malformed.push(`${request.method} ${request.path}: ${problem}`);
      return { status: 403, body: { message: problem } };
    }
    if (request.path === '/installation/repositories') return this.lists.repositories(request);
    const [, repository, path] = /^\/repos\/([^/]+\/[^/]+)(\/.*)$/.exec(request.path) ?? [];
    const isInstallation = path === '/installation';
    return repository === undefined || path === undefined || isInstallation
      ? this.answerApp(request, isInstallation ? repository : undefined)
      : this.answerRepository(request, repository, path);
  }

  private answerApp(request: ApiRequest, repository: string | undefined): Answer {
    if (!isAppJwt(request.headers.authorization, this.app.id, this.app.publicKey)) {
      return { status: 401, body: { message: 'A JSON web token could not be decoded' } };
    }
    const { method, path, body } = request;
    if (method === 'GET' && repository !== undefined) return this.installations.find(repository);
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
      NOT_FOUND
    );
  }
}
