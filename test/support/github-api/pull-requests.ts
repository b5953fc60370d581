import type { components } from '@octokit/openapi-types';
import { repositoryId } from '../nexos/webhook-sender.js';
import { type Answer, type ApiRequest, NOT_FOUND, unprocessable } from './api-request.js';
import { bodyProblem, text } from './body-shape.js';

type Comment = Pick<components['schemas']['issue-comment'], 'id' | 'body'> & {
  readonly performed_via_github_app: { readonly id: number } | null;
};

interface StoredComment {
  readonly id: number;
  /** All bodies that it had, oldest first. */
  readonly bodies: string[];
  /** The App that wrote it; null for a person. */
  readonly appId: number | null;
}

interface StoredPull {
  readonly repository: string;
  readonly number: number;
  readonly branch: string;
  /** The repository of the branch. */
  readonly headRepository: string;
  /** The id of the repository that it belongs to. */
  repositoryId: number;
  isOpen: boolean;
  readonly comments: StoredComment[];
}

const MAX_BODY = 65_536;

/** Pull requests and their comments (https://docs.github.com/en/rest/issues/comments). */
export class PullRequestsDouble {
  private readonly pulls: StoredPull[] = [];
  private ids = 0;

  constructor(private readonly appId: number) {}

  /** Opens a pull request. @param headRepository the repository of the branch; by default the same one */
  open(repository: string, branch: string, headRepository = repository): StoredPull {
    const number = this.pulls.length + 1;
    const id = repositoryId(repository);
    const pull: StoredPull = {
      ...{ repository, number, branch, headRepository, repositoryId: id },
      ...{ isOpen: true, comments: [] },
    };
    this.pulls.push(pull);
    return pull;
  }

  /** Adds a comment of a person. */
  comment(pull: StoredPull, body: string): void {
    pull.comments.push({ id: ++this.ids, bodies: [body], appId: null });
  }

  /** Answers a request for a path within a repository; null when it is about something else. */
  answer(repository: string, path: string, { method, body, query }: ApiRequest): Answer | null {
    if (method === 'GET' && path === '/pulls') return this.list(repository, query);
    const single = /^\/pulls\/(\d+)$/.exec(path)?.[1];
    if (method === 'GET' && single !== undefined) return this.one(repository, Number(single));
    const number = /^\/issues\/(\d+)\/comments$/.exec(path)?.[1];
    if (number !== undefined) {
      const pull = this.pulls.find((one) => one.number === Number(number) && one.repository === repository);
      if (pull === undefined) return NOT_FOUND;
      if (method === 'GET') return { status: 200, body: page(pull.comments, query).map(shown) };
      return method === 'POST' ? this.create(pull, body) : null;
    }
    const id = /^\/issues\/comments\/(\d+)$/.exec(path)?.[1];
    return method === 'PATCH' && id !== undefined ? this.update(repository, Number(id), body) : null;
  }

  private one(repository: string, number: number): Answer {
    const pull = this.pulls.find((one) => one.number === number && one.repository === repository);
    if (pull === undefined) return NOT_FOUND;
    const base = { repo: { id: pull.repositoryId } };
    return { status: 200, body: { number, state: pull.isOpen ? 'open' : 'closed', base } };
  }

  private list(repository: string, query: URLSearchParams): Answer {
    const found = this.pulls.filter(
      (pull) =>
        pull.repository === repository &&
        pull.isOpen === (query.get('state') === 'open') &&
        query.get('head') === `${pull.headRepository.split('/')[0]}:${pull.branch}`,
    );
    const body = found.map(({ number, branch, headRepository }) => ({
      number,
      state: 'open',
      head: { ref: branch, repo: { full_name: headRepository } },
    }));
    return { status: 200, body };
  }

  private create(pull: StoredPull, body: unknown): Answer {
    const problem = bodyProblem(body, { required: { body: text(MAX_BODY) } });
    if (problem !== null) return unprocessable(problem);
    const comment = { id: ++this.ids, bodies: [(body as { body: string }).body], appId: this.appId };
    pull.comments.push(comment);
    return { status: 201, body: shown(comment) };
  }

  private update(repository: string, id: number, body: unknown): Answer {
    const all = this.pulls.filter((pull) => pull.repository === repository);
    const comment = all.flatMap(({ comments }) => comments).find((one) => one.id === id);
    if (comment === undefined) return NOT_FOUND;
    const problem = bodyProblem(body, { required: { body: text(MAX_BODY) } });
    if (problem !== null) return unprocessable(problem);
    comment.bodies.push((body as { body: string }).body);
    return { status: 200, body: shown(comment) };
  }
}

function page<T>(all: readonly T[], query: URLSearchParams): T[] {
  const size = Number(query.get('per_page') ?? 30);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return all.slice(from, from + size);
}

function shown({ id, bodies, appId }: StoredComment): Comment {
  return {
    id,
    body: bodies.at(-1) ?? '',
    performed_via_github_app: appId === null ? null : { id: appId },
  };
}
