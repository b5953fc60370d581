import type { components } from '@octokit/openapi-types';
import { type Answer, type ApiRequest, NOT_FOUND, unprocessable } from './api-request.js';
import { bodyProblem, isSha, isTime, isUrl, oneOf, shaped, text } from './body-shape.js';

type CheckRun = components['schemas']['check-run'];
type Shown = Pick<
  CheckRun,
  'id' | 'name' | 'head_sha' | 'external_id' | 'html_url' | 'status' | 'conclusion'
>;

/** The changing part of a check run, as it was sent. */
export interface CheckState {
  readonly status: CheckRun['status'];
  readonly conclusion?: CheckRun['conclusion'];
  readonly output?: { readonly title: string; readonly summary: string; readonly text?: string };
}

export interface StoredCheck {
  readonly id: number;
  readonly repository: string;
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  /** All states that it had, oldest first. */
  readonly states: CheckState[];
}

/** GitHub's limit of `summary` and of `text`, in bytes. */
const MAX_TEXT = 65_535;
const CHANGING = {
  details_url: isUrl,
  status: oneOf('queued', 'in_progress', 'completed'),
  started_at: isTime,
  conclusion: oneOf('action_required', 'cancelled', 'failure', 'neutral', 'success', 'skipped', 'timed_out'),
  completed_at: isTime,
  output: shaped({
    required: { title: text(), summary: text(MAX_TEXT) },
    optional: { text: text(MAX_TEXT) },
  }),
};

/** Check runs (https://docs.github.com/en/rest/checks/runs). */
export class CheckRunsDouble {
  readonly all: StoredCheck[] = [];

  /** Answers a request for a path within a repository; null when it is about something else. */
  answer(repository: string, path: string, request: ApiRequest): Answer | null {
    if (request.method === 'POST' && path === '/check-runs') return this.create(repository, request.body);
    const id = /^\/check-runs\/(\d+)$/.exec(path)?.[1];
    if (request.method === 'PATCH' && id !== undefined) {
      return this.update(repository, Number(id), request.body);
    }
    const sha = /^\/commits\/([0-9a-f]{40})\/check-runs$/.exec(path)?.[1];
    if (request.method === 'GET' && sha !== undefined) return this.list(repository, sha, request.query);
    return null;
  }

  private create(repository: string, body: unknown): Answer {
    const required = { name: text(), head_sha: isSha };
    const problem = bodyProblem(body, { required, optional: { ...CHANGING, external_id: text() } });
    if (problem !== null) return unprocessable(problem);
    const given = body as { name: string; head_sha: string; external_id?: string } & CheckState;
    const check: StoredCheck = {
      id: this.all.length + 1,
      repository,
      name: given.name,
      headSha: given.head_sha,
      externalId: given.external_id ?? '',
      states: [],
    };
    const incomplete = completionProblem(given);
    if (incomplete !== null) return unprocessable(incomplete);
    check.states.push(stateOf(given));
    this.all.push(check);
    return { status: 201, body: shown(check) };
  }

  private update(repository: string, id: number, body: unknown): Answer {
    const check = this.all.find((one) => one.id === id && one.repository === repository);
    if (check === undefined) return NOT_FOUND;
    const problem = bodyProblem(body, { required: {}, optional: CHANGING });
    if (problem !== null) return unprocessable(problem);
    const incomplete = completionProblem(body as CheckState);
    if (incomplete !== null) return unprocessable(incomplete);
    check.states.push(stateOf(body as CheckState));
    return { status: 200, body: shown(check) };
  }

  private list(repository: string, sha: string, query: URLSearchParams): Answer {
    const name = query.get('check_name');
    const found = this.all.filter(
      (one) => one.repository === repository && one.headSha === sha && (name === null || one.name === name),
    );
    return { status: 200, body: { total_count: found.length, check_runs: found.map(shown) } };
  }
}

function completionProblem({ status, conclusion }: CheckState): string | null {
  return (status === 'completed') === (conclusion !== undefined)
    ? null
    : 'A check run has a conclusion when it is completed.';
}

function stateOf({ status, conclusion, output }: CheckState): CheckState {
  return { status, ...(conclusion !== undefined && { conclusion }), ...(output !== undefined && { output }) };
}

function shown({ id, repository, name, headSha, externalId, states }: StoredCheck): Shown {
  const { status, conclusion = null } = states.at(-1) ?? { status: 'queued' };
  return {
    id,
    name,
    head_sha: headSha,
    external_id: externalId,
    html_url: `https://github.example/${repository}/runs/${id}`,
    status,
    conclusion,
  };
}
