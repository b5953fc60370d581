import type { components } from '@octokit/openapi-types';
import { type Answer, type ApiRequest, NOT_FOUND, unprocessable } from './api-request.js';
import { bodyProblem, isBoolean, isObject, isTexts, isUrl, oneOf, text } from './body-shape.js';

type Deployment = Pick<
  components['schemas']['deployment'],
  'id' | 'ref' | 'sha' | 'task' | 'environment' | 'payload'
>;
type Status = Pick<
  components['schemas']['deployment-status'],
  'id' | 'state' | 'description' | 'environment_url'
>;

interface StoredDeployment extends Deployment {
  readonly repository: string;
  /** Oldest first. */
  readonly statuses: Status[];
}

const MAX_DESCRIPTION = 140;
const MAX_ENVIRONMENT = 255;

/** GitHub Deployments (https://docs.github.com/en/rest/deployments). */
export class DeploymentsDouble {
  readonly all: StoredDeployment[] = [];

  /** Answers a request for a path within a repository; null when it is about something else. */
  answer(repository: string, path: string, { method, body, query }: ApiRequest): Answer | null {
    if (path === '/deployments') {
      if (method === 'POST') return this.create(repository, body);
      if (method === 'GET') return this.list(repository, query);
    }
    const id = /^\/deployments\/(\d+)\/statuses$/.exec(path)?.[1];
    if (id === undefined) return null;
    const found = this.all.find((one) => one.id === Number(id) && one.repository === repository);
    if (found === undefined) return NOT_FOUND;
    if (method === 'GET') {
      const most = Number(query.get('per_page') ?? 30);
      return { status: 200, body: [...found.statuses].reverse().slice(0, most) };
    }
    return method === 'POST' ? addStatus(found, body) : null;
  }

  private create(repository: string, body: unknown): Answer {
    const problem = bodyProblem(body, {
      required: { ref: text() },
      optional: {
        task: text(),
        auto_merge: isBoolean,
        required_contexts: isTexts,
        payload: isObject,
        environment: text(MAX_ENVIRONMENT),
        description: text(MAX_DESCRIPTION),
        transient_environment: isBoolean,
        production_environment: isBoolean,
      },
    });
    if (problem !== null) return unprocessable(problem);
    const {
      ref,
      task,
      environment,
      payload,
      auto_merge: merges,
    } = body as Deployment & { auto_merge?: boolean };
    if (merges !== false) return { status: 202, body: { message: 'Auto-merged main into topic branch.' } };
    const id = this.all.length + 1;
    const stored = { id, repository, ref, sha: ref, task, environment, payload, statuses: [] };
    this.all.push(stored);
    return { status: 201, body: shown(stored) };
  }

  private list(repository: string, query: URLSearchParams): Answer {
    const matches = (one: StoredDeployment) =>
      one.repository === repository &&
      (['sha', 'task', 'environment'] as const).every((field) => {
        const wanted = query.get(field);
        return wanted === null || one[field] === wanted;
      });
    return { status: 200, body: this.all.filter(matches).reverse().map(shown) };
  }
}

function addStatus({ statuses }: StoredDeployment, body: unknown): Answer {
  const problem = bodyProblem(body, {
    required: { state: oneOf('error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success') },
    optional: {
      description: text(MAX_DESCRIPTION),
      environment_url: isUrl,
      log_url: isUrl,
      auto_inactive: isBoolean,
    },
  });
  if (problem !== null) return unprocessable(problem);
  const { state, description, environment_url: url } = body as Status;
  const status = {
    id: statuses.length + 1,
    state,
    description,
    ...(url !== undefined && { environment_url: url }),
  };
  statuses.push(status);
  return { status: 201, body: status };
}

function shown({ id, ref, sha, task, environment, payload }: StoredDeployment): Deployment {
  return { id, ref, sha, task, environment, payload };
}
