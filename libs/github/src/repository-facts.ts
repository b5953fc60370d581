import { isRepositoryName } from '@nexos/domain';
import type { Repository, RepositoryEvent } from '@octokit/webhooks-types';
import type { InstallationOwner } from './installation-event.js';
import { objectAt, type Unchecked } from './payload-fields.js';

/** The actions of a `repository` event after which Nexos knows something else about the repository. */
const ACTIONS: readonly unknown[] = [
  'created',
  'deleted',
  'edited',
  'renamed',
  'transferred',
  'privatized',
  'publicized',
  'archived',
  'unarchived',
];

/** What a delivery says about its repository, complete enough to be kept. */
export interface RepositoryFacts {
  readonly id: string;
  /** `owner/name` */
  readonly name: string;
  readonly owner: InstallationOwner;
  readonly isPrivate: boolean;
  readonly defaultBranch: string | null;
  /** GitHub's time of its last change; null when the delivery does not tell. */
  readonly updatedAt: Date | null;
  /** The action of a `repository` event; null for any other event. */
  readonly action: string | null;
}

/** Returns whether a `repository` event has an action that changes what Nexos knows. */
export function isRepositoryChange(payload: unknown): boolean {
  const event: Unchecked<RepositoryEvent> = objectAt(payload, 'payload');
  return ACTIONS.includes(event.action);
}

/** Returns what a payload says about its repository; null when it lacks something, as payloads made by hand may. */
export function repositoryFacts(event: string, payload: unknown): RepositoryFacts | null {
  const { repository, action } = Object(payload) as { repository?: unknown; action?: unknown };
  const { id, full_name: name, owner, ...rest } = Object(repository) as Unchecked<Repository>;
  const { id: ownerId, login, type } = Object(owner) as Unchecked<Repository['owner']>;
  if (!isPositive(id) || !isPositive(ownerId) || typeof login !== 'string') return null;
  if (typeof name !== 'string' || !isRepositoryName(name)) return null;
  return {
    id: String(id),
    name,
    owner: { id: String(ownerId), login, type: typeof type === 'string' ? type : 'User' },
    isPrivate: rest.private !== false,
    defaultBranch: typeof rest.default_branch === 'string' ? rest.default_branch : null,
    updatedAt: timeOf(rest.updated_at),
    action: event === 'repository' && typeof action === 'string' ? action : null,
  };
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function timeOf(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const time = new Date(value);
  const year = time.getUTCFullYear();
  return year >= 1970 && year <= 9999 ? time : null;
}
