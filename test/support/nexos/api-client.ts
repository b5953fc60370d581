import { type components, createNexosClient, type NexosClient } from '@nexos/client';
import { createParser } from 'eventsource-parser';
import { DEADLINE_MS, eventually } from '../eventually.js';

export type Project = components['schemas']['ProjectResponse'];
export type NewProject = components['schemas']['CreateProjectDto'];
export type Environment = components['schemas']['EnvironmentResponse'];
export type EnvironmentDetails = components['schemas']['EnvironmentDetailsResponse'];
export type DatabaseBackup = components['schemas']['DatabaseBackupResponse'];
export type Deployment = components['schemas']['DeploymentResponse'];
export type Execution = components['schemas']['ExecutionResponse'];
export type Delivery = components['schemas']['DeliveryResponse'];
export type ProjectDelivery = components['schemas']['ProjectDeliveryResponse'];
export type LogLine = components['schemas']['LogLineResponse'];

export interface LogEvent {
  id: string | undefined;
  event: string | undefined;
  data: Record<string, unknown>;
}

const ENDED = ['live', 'replaced', 'failed', 'cancelled', 'superseded'];

/** Calls the API as a client with an API key. */
export class ApiClient {
  /** The published client, typed by path. */
  readonly client: NexosClient;

  constructor(
    readonly baseUrl: string,
    private readonly key: string,
  ) {
    this.client = createNexosClient({ baseUrl, apiKey: key, fetch: (request) => fetch(request) });
  }

  /** The value of the `Authorization` header. */
  get authorization(): string {
    return `Bearer ${this.key}`;
  }

  request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.baseUrl}/api${path}`, {
      method,
      headers: {
        authorization: this.authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  async get<T>(path: string): Promise<T> {
    const response = await this.request('GET', path);
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    const response = await this.request('POST', path, body);
    if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Waits for the current environment of a branch. */
  waitForEnvironment(projectId: string, branch = 'main'): Promise<Environment> {
    return eventually(`an environment of ${branch}`, async () => {
      const params = { path: { id: projectId } };
      const all = await unwrap(this.client.GET('/projects/{id}/environments', { params }));
      return all.find((one) => one.branch === branch && !one.status.startsWith('destroy'));
    });
  }

  createProject(body: NewProject): Promise<Project> {
    return unwrap(this.client.POST('/projects', { body }));
  }

  deployment(id: string): Promise<Deployment> {
    return unwrap(this.client.GET('/deployments/{id}', { params: { path: { id } } }));
  }

  /** Waits until the deployment of a commit has ended. */
  async waitForDeployment(environmentId: string, sha: string, deadlineMs = DEADLINE_MS): Promise<Deployment> {
    let seen: Deployment | undefined;
    return eventually(
      `the end of the deployment of ${sha.slice(0, 7)}`,
      async () => {
        const params = { path: { id: environmentId } };
        const environment = await unwrap(this.client.GET('/environments/{id}', { params }));
        seen = await this.deployment(environment.latest_deployment_id ?? '');
        return seen.commit_sha === sha && ENDED.includes(seen.status) ? seen : undefined;
      },
      { deadlineMs, seen: () => seen },
    );
  }

  /** Reads all of a log so far, page by page. */
  async log(deploymentId: string): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (;;) {
      const query = { limit: 1000, cursor: lines.at(-1)?.cursor ?? '' };
      const params = { path: { id: deploymentId }, query };
      const page = await unwrap(this.client.GET('/deployments/{id}/logs', { params }));
      if (page.lines.length === 0) return lines;
      lines.push(...page.lines);
    }
  }

  /** Polls a log to its end, and returns all lines. */
  async pollLogToEnd(deploymentId: string): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    let cursor = '';
    return eventually(`the end of the log of ${deploymentId}`, async () => {
      const params = { path: { id: deploymentId }, query: { limit: 1000, cursor } };
      const page = await unwrap(this.client.GET('/deployments/{id}/logs', { params }));
      lines.push(...page.lines);
      cursor = page.next_cursor ?? '';
      return page.next_cursor === null ? lines : undefined;
    });
  }

  /** Waits until a webhook delivery is processed; for operators. */
  waitForDelivery(id: string, deadlineMs = DEADLINE_MS): Promise<Delivery> {
    let seen: Delivery | undefined;
    return eventually(
      `delivery ${id} to be processed`,
      async () => {
        const params = { path: { id }, query: { wait: 5 } };
        seen = await unwrap(this.client.GET('/webhooks/deliveries/{id}', { params }));
        return seen.outcome === 'accepted' ? undefined : seen;
      },
      { deadlineMs, seen: () => seen },
    );
  }

  /** Starts a command in an environment. */
  exec(environmentId: string, command: string[], timeoutSeconds = 60): Promise<Execution> {
    const params = { path: { id: environmentId } };
    const body = { command, timeout_seconds: timeoutSeconds };
    return unwrap(this.client.POST('/environments/{id}/exec', { params, body }));
  }

  /** Waits until an execution has ended. */
  waitForExecution(id: string, deadlineMs = DEADLINE_MS): Promise<Execution> {
    let seen: Execution | undefined;
    return eventually(
      `the end of ${id}`,
      async () => {
        const params = { path: { id }, query: { wait: 5 } };
        seen = await unwrap(this.client.GET('/executions/{id}', { params }));
        return ['queued', 'running'].includes(seen.status) ? undefined : seen;
      },
      { deadlineMs, seen: () => seen },
    );
  }

  /** Returns a command's output so far. */
  async output(executionId: string): Promise<LogLine[]> {
    const params = { path: { id: executionId }, query: { limit: 5000 } };
    return (await unwrap(this.client.GET('/executions/{id}/logs', { params }))).lines;
  }

  /** Follows a log after `lastEventId`, until it ends or the caller stops listening. */
  follow(
    id: string,
    lastEventId?: string,
    kind: 'deployments' | 'environments' = 'deployments',
  ): AsyncGenerator<LogEvent> {
    return this.followAt(`/${kind}/${id}/logs`, lastEventId);
  }

  /** Follows the log at any path in the same way. */
  async *followAt(path: string, lastEventId?: string): AsyncGenerator<LogEvent> {
    const headers = {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    const response = await this.request('GET', path, undefined, headers);
    if (!response.ok || response.body === null) throw new Error(`the log answered ${response.status}`);
    const ready: LogEvent[] = [];
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        ready.push({ id, event, data: JSON.parse(data) as Record<string, unknown> });
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }));
      yield* ready.splice(0);
    }
  }
}

/** Returns the data of a call of the typed client; throws if the response has no data. */
async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (data === undefined || data === null) {
    throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
  }
  return data;
}
