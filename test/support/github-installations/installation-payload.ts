import { ownerId } from '../github-api/installation-lists.js';
import { exampleOf, repositoryId } from '../nexos/webhook-sender.js';

/** An event of an installation. */
export interface InstallationEvent {
  readonly id: number;
  readonly action: string;
  readonly owner?: string;
  /** The second of GitHub's time of the change. */
  readonly second?: number;
  /** `owner/name` of the repositories that it names. */
  readonly repositories?: readonly string[];
  readonly selection?: 'all' | 'selected';
  readonly isSuspended?: boolean;
  /** GitHub's id of the user who did it. */
  readonly senderId?: number;
}

const BEGINNING = Date.UTC(2026, 0, 1) / 1000;

/** Returns the payload of an `installation` event as GitHub sends it. */
export function installationPayload(event: InstallationEvent): Record<string, unknown> {
  const { action, repositories = [] } = event;
  const payload = exampleOf('installation', (example) => example.action === action);
  return {
    ...payload,
    ...common(event, payload),
    ...(payload.repositories !== undefined && { repositories: repositories.map(reference) }),
  };
}

/** Returns the payload of an `installation_repositories` event as GitHub sends it. */
export function repositoriesPayload(event: InstallationEvent): Record<string, unknown> {
  const { action, repositories = [] } = event;
  const payload = exampleOf('installation_repositories', (example) => example.action === action);
  const named = repositories.map(reference);
  return {
    ...payload,
    ...common(event, payload),
    repositories_added: action === 'added' ? named : [],
    repositories_removed: action === 'removed' ? named : [],
  };
}

/** Returns the payload of a `repository` event as GitHub sends it. */
export function repositoryPayload(
  action: string,
  name: string,
  {
    id = repositoryId(name),
    second = 1,
    installationId,
    previousOwner = 'octocat',
    isPrivate = action === 'privatized',
  }: {
    id?: number;
    second?: number;
    installationId?: number;
    previousOwner?: string;
    isPrivate?: boolean;
  } = {},
): Record<string, unknown> {
  const payload = exampleOf('repository', (example) =>
    ['renamed', 'transferred', 'edited'].includes(action) ? example.action === action : true,
  );
  const [owner = ''] = name.split('/');
  const changes =
    action === 'transferred'
      ? { owner: { from: { user: { login: previousOwner, id: ownerId(previousOwner) } } } }
      : {};
  return {
    ...payload,
    action,
    changes: { ...(payload.changes as object | undefined), ...changes },
    repository: {
      ...(payload.repository as object),
      id,
      full_name: name,
      private: isPrivate,
      owner: { id: ownerId(owner), login: owner, type: 'User' },
      updated_at: new Date((BEGINNING + second) * 1000).toISOString(),
    },
    installation: installationId === undefined ? undefined : { id: installationId },
  };
}

function common(event: InstallationEvent, payload: Record<string, unknown>) {
  const { id, action, owner = 'octo', second = 1, selection = 'selected', senderId } = event;
  const isSuspended = event.isSuspended ?? action === 'suspend';
  const login = { login: owner, id: ownerId(owner), type: 'User' };
  const installation = {
    ...(payload.installation as object),
    id,
    account: login,
    repository_selection: selection,
    updated_at: BEGINNING + second,
    suspended_at: isSuspended ? BEGINNING + second : null,
  };
  return { installation, sender: { ...login, ...(senderId !== undefined && { id: senderId }) } };
}

function reference(name: string) {
  return { id: repositoryId(name), name: name.split('/')[1], full_name: name, private: true };
}
