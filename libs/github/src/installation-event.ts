import { isRepositoryName } from '@nexos/domain';
import type {
  Installation,
  InstallationEvent,
  InstallationRepositoriesEvent,
  InstallationTargetEvent,
} from '@octokit/webhooks-types';
import { MalformedPayloadError } from './malformed-payload.error.js';
import { idAt, objectAt, stringAt, textAt, timeAt, type Unchecked } from './payload-fields.js';

const NAME_LIMIT = 255;
const INSTALLATION_ACTIONS: readonly unknown[] = [
  'created',
  'deleted',
  'suspend',
  'unsuspend',
  'new_permissions_accepted',
];

/** The user or organization that a GitHub App is installed on. */
export interface InstallationOwner {
  readonly id: string;
  readonly login: string;
  /** `User`, `Organization`, or what GitHub adds to them. */
  readonly type: string;
}

/** A repository as an event of an installation names it. */
export interface InstalledRepository {
  readonly id: string;
  /** `owner/name` */
  readonly name: string;
  readonly isPrivate: boolean;
}

/** What an event says about an installation of the GitHub App. */
export interface InstallationChange {
  readonly installationId: string;
  readonly owner: InstallationOwner;
  /** Null when the event does not tell. */
  readonly selection: 'all' | 'selected' | null;
  /** Null when the event does not tell. */
  readonly status: 'active' | 'suspended' | 'removed' | null;
  /** GitHub's time of the change; null when the event does not tell. */
  readonly updatedAt: Date | null;
  readonly added: readonly InstalledRepository[];
  /** Ids of repositories that it no longer gives access to. */
  readonly removed: readonly string[];
  /** GitHub's id of the user who installed the App or accepted its permissions; null for any other event. */
  readonly installerId: string | null;
  /** Whether GitHub may accept what it refused before: the App was installed, got permissions, or is no longer suspended. */
  readonly isGranted: boolean;
}

/** Returns the key under which events of an installation are processed in order. No repository has such a name. */
export function installationKey(installationId: string): string {
  return `installation ${installationId}`;
}

/**
 * Parses an `installation`, `installation_repositories` or `installation_target` payload.
 *
 * @returns null for an action that changes nothing here
 * @throws {MalformedPayloadError} naming the first field that does not match GitHub's documentation
 * @see https://docs.github.com/en/webhooks/webhook-events-and-payloads#installation
 */
export function parseInstallation(event: string, payload: unknown): InstallationChange | null {
  switch (event) {
    case 'installation':
      return ofInstallation(payload);
    case 'installation_repositories':
      return ofRepositories(payload);
    case 'installation_target':
      return ofTarget(payload);
    default:
      return null;
  }
}

function ofInstallation(payload: unknown): InstallationChange | null {
  const event: Unchecked<InstallationEvent> = objectAt(payload, 'payload');
  const { action } = event;
  if (!INSTALLATION_ACTIONS.includes(action)) return null;
  const installation = installationAt(event.installation);
  const isDeleted = action === 'deleted';
  const isInstaller = action === 'created' || action === 'new_permissions_accepted';
  const isSuspended = action === 'suspend' || (action !== 'unsuspend' && installation.isSuspended);
  return {
    ...installation.known,
    status: isDeleted ? 'removed' : isSuspended ? 'suspended' : 'active',
    added: isDeleted ? [] : repositoriesAt(event.repositories, 'repositories'),
    removed: [],
    installerId: isInstaller ? senderIdAt(event.sender) : null,
    isGranted: isInstaller || action === 'unsuspend',
  };
}

function ofRepositories(payload: unknown): InstallationChange | null {
  const event: Unchecked<InstallationRepositoriesEvent> = objectAt(payload, 'payload');
  if (event.action !== 'added' && event.action !== 'removed') return null;
  const installation = installationAt(event.installation);
  return {
    ...installation.known,
    status: installation.isSuspended ? 'suspended' : 'active',
    added: repositoriesAt(event.repositories_added, 'repositories_added'),
    removed: idsAt(event.repositories_removed, 'repositories_removed'),
    installerId: null,
    isGranted: false,
  };
}

function ofTarget(payload: unknown): InstallationChange | null {
  const event: Unchecked<InstallationTargetEvent> = objectAt(payload, 'payload');
  if (event.action !== 'renamed') return null;
  const installation: Unchecked<Installation> = objectAt(event.installation, 'installation');
  return {
    installationId: requiredIdAt(installation.id, 'installation.id'),
    owner: ownerAt({ type: event.target_type, ...objectAt(event.account, 'account') }, 'account'),
    selection: null,
    status: null,
    updatedAt: null,
    added: [],
    removed: [],
    installerId: null,
    isGranted: false,
  };
}

function installationAt(value: unknown) {
  const installation: Unchecked<Installation> = objectAt(value, 'installation');
  const { repository_selection: selection, suspended_at: suspendedAt } = installation;
  if (selection !== 'all' && selection !== 'selected') {
    throw new MalformedPayloadError('installation.repository_selection', 'must be "all" or "selected"');
  }
  const updatedAt = timeAt(installation.updated_at, 'installation.updated_at');
  if (updatedAt === null) throw new MalformedPayloadError('installation.updated_at', 'must be a valid time');
  const account = {
    type: installation.target_type,
    ...objectAt(installation.account, 'installation.account'),
  };
  return {
    known: {
      installationId: requiredIdAt(installation.id, 'installation.id'),
      owner: ownerAt(account, 'installation.account'),
      selection,
      updatedAt,
    } as const,
    isSuspended: suspendedAt !== undefined && suspendedAt !== null,
  };
}

/** Enterprises have a slug in place of a login. */
function ownerAt(account: Readonly<Record<string, unknown>>, field: string): InstallationOwner {
  const { id, login, slug, type } = account;
  return {
    id: requiredIdAt(id, `${field}.id`),
    login: textAt(login ?? slug, `${field}.login`, NAME_LIMIT),
    type: textAt(type ?? 'User', `${field}.type`, NAME_LIMIT),
  };
}

function repositoriesAt(value: unknown, field: string): InstalledRepository[] {
  if (value === undefined) return [];
  return listAt(value, field).map((one) => {
    const { id, full_name: fullName, private: isPrivate } = objectAt(one, field);
    const name = stringAt(fullName, `${field}.full_name`);
    if (!isRepositoryName(name)) {
      throw new MalformedPayloadError(`${field}.full_name`, 'must have the form owner/name');
    }
    return { id: requiredIdAt(id, `${field}.id`), name, isPrivate: isPrivate !== false };
  });
}

function idsAt(value: unknown, field: string): string[] {
  if (value === undefined) return [];
  return listAt(value, field).map((one) => requiredIdAt(objectAt(one, field).id, `${field}.id`));
}

function listAt(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedPayloadError(field, 'must be a list');
  return value;
}

function senderIdAt(value: unknown): string | null {
  const { id } = Object(value) as { id?: unknown };
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? String(id) : null;
}

function requiredIdAt(value: unknown, field: string): string {
  const id = idAt(value, field);
  if (id === null) throw new MalformedPayloadError(field, 'must be a positive integer');
  return String(id);
}
