import type { components } from '@octokit/openapi-types';
import { type Answer, type ApiRequest, NOT_FOUND } from './api-request.js';

type FullRepository = components['schemas']['full-repository'];
type Shown = Pick<FullRepository, 'id' | 'name' | 'full_name' | 'private' | 'default_branch'>;
type Collaborator = components['schemas']['repository-collaborator-permission'];
type Permission = Pick<Collaborator, 'permission' | 'role_name'> & {
  readonly user: Pick<NonNullable<Collaborator['user']>, 'id' | 'login'> | null;
};
export type PermissionLevel = 'none' | 'read' | 'write' | 'admin';

/** A user of GitHub, by the id that stays and the login that may change hands. */
export interface GithubApiUser {
  readonly id: number;
  readonly login: string;
}

interface StoredRepository {
  readonly id: number;
  name: string;
  readonly isPrivate: boolean;
  readonly defaultBranch: string;
  /** By the ids of users. */
  readonly permissions: Map<number, PermissionLevel>;
}

/** Repositories that exist, and what users may do there (https://docs.github.com/en/rest/repos/repos). */
export class RepositoriesDouble {
  private readonly all: StoredRepository[] = [];
  private readonly users = new Map<string, GithubApiUser>();
  /** Former names, in lower case, with the ids of the repositories. */
  private readonly former = new Map<string, number>();

  /** Creates a repository, private unless it says otherwise; returns its id. */
  create(name: string, options: { isPrivate?: boolean; id?: number } = {}): number {
    const { isPrivate = true, id = 1_000 + this.all.length } = options;
    this.all.push({ id, name, isPrivate, defaultBranch: 'main', permissions: new Map() });
    return id;
  }

  /** Lets a user do something in a repository, which it creates if there is none, and makes the login known. */
  permit(name: string, user: GithubApiUser, permission: PermissionLevel): void {
    this.register(user);
    if (this.find(name) === undefined) this.create(name);
    this.get(name).permissions.set(user.id, permission);
  }

  /** Gives a login to a user, who may be another one than before. */
  register(user: GithubApiUser): void {
    this.users.set(user.login.toLowerCase(), user);
  }

  /** Renames or transfers a repository; GitHub redirects from the old name. */
  rename(from: string, to: string): void {
    const repository = this.get(from);
    this.former.set(from.toLowerCase(), repository.id);
    repository.name = to;
  }

  /** Returns the name as the repository is written; the given one for an unknown repository. */
  canonical(name: string): string {
    return this.find(name)?.name ?? name;
  }

  /** Returns the name of the repository with this id. */
  nameOf(id: number): string | null {
    return this.all.find((one) => one.id === id)?.name ?? null;
  }

  /** Returns the redirect from a former name; null for another one. @param base the API's address */
  redirect(name: string, path: string, base: string): Answer | null {
    const id = this.find(name) === undefined ? this.former.get(name.toLowerCase()) : undefined;
    if (id === undefined) return null;
    const url = `${base}/repositories/${id}${path}`;
    return { status: 301, body: { message: 'Moved Permanently', url }, headers: { location: url } };
  }

  /** Answers a request for a path within a repository; null when it is about something else. */
  answer(name: string, path: string, { method }: ApiRequest): Answer | null {
    if (method !== 'GET') return null;
    const login = /^\/collaborators\/([^/]+)\/permission$/.exec(path)?.[1];
    if (path !== '' && login === undefined) return null;
    const repository = this.find(name);
    if (repository === undefined) return NOT_FOUND;
    if (login === undefined) return { status: 200, body: shown(repository) };
    const user = this.users.get(decodeURIComponent(login).toLowerCase());
    return user === undefined ? NOT_FOUND : { status: 200, body: permissionOf(repository, user) };
  }

  private find(name: string): StoredRepository | undefined {
    return this.all.find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  private get(name: string): StoredRepository {
    const repository = this.find(name);
    if (repository === undefined) throw new Error(`the double has no repository ${name}`);
    return repository;
  }
}

function shown({ id, name, isPrivate, defaultBranch }: StoredRepository): Shown {
  const full = { id, full_name: name, private: isPrivate, default_branch: defaultBranch };
  return { ...full, name: name.split('/')[1] ?? '' };
}

/** Everybody can read a public repository. */
function permissionOf({ isPrivate, permissions }: StoredRepository, user: GithubApiUser): Permission {
  const permission = permissions.get(user.id) ?? (isPrivate ? 'none' : 'read');
  return { permission, role_name: permission, user: { id: user.id, login: user.login } };
}
