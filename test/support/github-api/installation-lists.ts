import type { components } from '@octokit/openapi-types';
import { repositoryId } from '../nexos/webhook-sender.js';
import { type Answer, type ApiRequest, NOT_FOUND } from './api-request.js';
import type { Installations } from './installations.js';

type Account = Pick<components['schemas']['simple-user'], 'id' | 'login' | 'type'>;
type Installation = Pick<
  components['schemas']['installation'],
  'id' | 'app_id' | 'target_type' | 'repository_selection' | 'created_at' | 'updated_at' | 'suspended_at'
> & { readonly account: Account };
type Repository = Pick<
  components['schemas']['repository'],
  'id' | 'name' | 'full_name' | 'private' | 'default_branch' | 'updated_at'
>;

/** What tests may set of an installation. */
interface Details {
  owner: string;
  selection: 'all' | 'selected';
  updatedAt: Date;
}

const BEGINNING = new Date(Date.UTC(2026, 0, 1));

/** Returns an id for an owner, the same for the same login. */
export function ownerId(login: string): number {
  return repositoryId(`${login}/`);
}

/**
 * Lists of the App's installations and of their repositories (https://docs.github.com/en/rest/apps). A repository keeps its
 * id when it is renamed.
 */
export class InstallationLists {
  /** Repositories whose full page is sent, but not counted, as if they had been added while the list was read. */
  uncounted = 0;
  private readonly details = new Map<number, Details>();
  private readonly ids = new Map<string, number>();
  private readonly privates = new Set<string>();

  constructor(
    private readonly installations: Installations,
    private readonly appId: string,
  ) {}

  /** Sets what GitHub says of an installation. */
  describe(id: number, details: Partial<Details>): void {
    this.details.set(id, { ...this.detailsOf(id), ...details });
  }

  setPrivate(repository: string, isPrivate = true): void {
    if (isPrivate) this.privates.add(repository);
    else this.privates.delete(repository);
  }

  /** Gives a repository another name or owner; it stays in its installation, unless another one is named. */
  rename(from: string, to: string, installationId = this.installations.installationOf(from)): void {
    this.ids.set(to, this.idOf(from));
    this.installations.disconnect(from);
    if (installationId !== undefined) this.installations.install(to, installationId);
  }

  idOf(repository: string): number {
    return this.ids.get(repository) ?? repositoryId(repository);
  }

  /** Answers a request with the App's JWT; null when it is about something else. */
  answerApp({ method, path, query }: ApiRequest): Answer | null {
    if (method !== 'GET') return null;
    if (path === '/app/installations') {
      const all = this.installations.all().map((id) => this.shown(id));
      return { status: 200, body: page(all, query) };
    }
    const id = Number(/^\/app\/installations\/(\d+)$/.exec(path)?.[1]);
    if (Number.isNaN(id)) return null;
    return this.installations.all().includes(id) ? { status: 200, body: this.shown(id) } : NOT_FOUND;
  }

  /** Answers a request with a token of an installation. */
  repositories(request: ApiRequest): Answer {
    const id = this.installations.installationOfToken(request, { metadata: 'read' });
    if (id === null) return { status: 401, body: { message: 'Bad credentials' } };
    const all = this.installations.repositoriesOf(id).map((name) => this.shownRepository(name));
    const body = {
      total_count: all.length - this.uncounted,
      repositories: page(all, request.query),
    };
    return { status: 200, body };
  }

  private detailsOf(id: number): Details {
    const [first = 'octo/app'] = this.installations.repositoriesOf(id);
    const [owner = 'octo'] = first.split('/');
    return this.details.get(id) ?? { owner, selection: 'selected', updatedAt: BEGINNING };
  }

  private shown(id: number): Installation {
    const { owner, selection, updatedAt } = this.detailsOf(id);
    return {
      id,
      app_id: Number(this.appId),
      account: { id: ownerId(owner), login: owner, type: 'User' },
      target_type: 'User',
      repository_selection: selection,
      created_at: BEGINNING.toISOString(),
      updated_at: updatedAt.toISOString(),
      suspended_at: this.installations.isSuspended(id) ? updatedAt.toISOString() : null,
    };
  }

  private shownRepository(name: string): Repository {
    return {
      id: this.idOf(name),
      name: name.split('/')[1] ?? '',
      full_name: name,
      private: this.privates.has(name),
      default_branch: 'main',
      updated_at: BEGINNING.toISOString(),
    };
  }
}

function page<T>(all: readonly T[], query: URLSearchParams): T[] {
  const size = Number(query.get('per_page') ?? 30);
  const from = (Number(query.get('page') ?? 1) - 1) * size;
  return all.slice(from, from + size);
}
