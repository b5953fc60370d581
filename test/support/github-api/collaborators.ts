import type { components } from '@octokit/openapi-types';
import { type Answer, type ApiRequest, NOT_FOUND } from './api-request.js';

type Permission = Pick<
  components['schemas']['repository-collaborator-permission'],
  'permission' | 'role_name'
> & {
  readonly user: Pick<components['schemas']['simple-user'], 'id' | 'login'>;
};

/** What users may do in repositories (https://docs.github.com/en/rest/collaborators/collaborators). */
export class CollaboratorsDouble {
  private readonly permissions = new Map<string, Permission>();

  /** Lets a user do something in `owner/name`. */
  allow(repository: string, user: { id: number; login: string }, permission: string): void {
    this.permissions.set(`${repository} ${user.login}`, { permission, role_name: permission, user });
  }

  /** Answers a request for a path within a repository; null when it is about something else. */
  answer(repository: string, path: string, { method }: ApiRequest): Answer | null {
    const login = /^\/collaborators\/([^/]+)\/permission$/.exec(path)?.[1];
    if (method !== 'GET' || login === undefined) return null;
    const body = this.permissions.get(`${repository} ${decodeURIComponent(login)}`);
    return body === undefined ? NOT_FOUND : { status: 200, body };
  }
}
