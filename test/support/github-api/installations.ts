import type { components, paths } from '@octokit/openapi-types';
import { type Answer, type ApiRequest, NOT_FOUND } from './api-request.js';

type Installation = components['schemas']['installation'];
type TokenAnswer = components['schemas']['installation-token'];
export type TokenRequest = NonNullable<
  paths['/app/installations/{installation_id}/access_tokens']['post']['requestBody']
>['content']['application/json'];
/** A permission of the App, such as `checks`. */
export type PermissionName = keyof components['schemas']['app-permissions'];
type Permissions = Readonly<Record<string, string | undefined>>;

/** All that an App may be granted, for installations whose permissions do not matter. */
const ALL: Permissions = { contents: 'read', checks: 'write', deployments: 'write', pull_requests: 'write' };
/** What every App is granted. */
const ALWAYS: Permissions = { metadata: 'read' };

interface Issued {
  readonly installation: number;
  /** `owner/name` in lower case; null for all that the installation has. */
  readonly repositories: readonly string[] | null;
  readonly permissions: Permissions;
  readonly expiresAt: number;
}

/** The repositories where an App is installed, and its tokens. */
export class Installations {
  readonly tokenRequests: TokenRequest[] = [];
  lifetimeSeconds = 3600;
  private readonly byRepository = new Map<string, number>();
  private readonly existing = new Set<number>();
  private readonly granted = new Map<number, Permissions>();
  private readonly suspended = new Set<number>();
  private readonly issued = new Map<string, Issued>();

  constructor(private readonly appId: string) {}

  install(repository: string, installationId: number): void {
    this.existing.add(installationId);
    this.byRepository.set(repository, installationId);
  }

  /** Takes a repository out of its installation. */
  disconnect(repository: string): void {
    this.byRepository.delete(repository);
  }

  /** The ids of all installations. */
  all(): number[] {
    return [...this.existing];
  }

  installationOf(repository: string): number | undefined {
    return this.byRepository.get(repository);
  }

  /** The names of all repositories of an installation, as `owner/name`. */
  repositoriesOf(installationId: number): string[] {
    return [...this.byRepository].flatMap(([name, id]) => (id === installationId ? [name] : []));
  }

  isSuspended(installationId: number): boolean {
    return this.suspended.has(installationId);
  }

  /** Returns the installation whose token a request has; null if the token is no longer valid, or may not do that. */
  installationOfToken({ headers }: ApiRequest, needed: Permissions): number | null {
    const token = tokenIn(headers);
    const issued = this.issued.get(token);
    const id = Number(/^ghs_(\d+)_/.exec(token)?.[1]);
    if (issued === undefined || issued.expiresAt <= Date.now() || this.suspended.has(id)) return null;
    return isGranted(needed, issued.permissions) ? id : null;
  }

  uninstall(installationId: number): void {
    this.existing.delete(installationId);
    for (const [name, id] of this.byRepository) if (id === installationId) this.byRepository.delete(name);
  }

  /** Sets what the owner of an installation has granted. */
  grant(installationId: number, permissions: Permissions): void {
    this.granted.set(installationId, permissions);
  }

  suspend(installationId: number, isSuspended = true): void {
    if (isSuspended) this.suspended.add(installationId);
    else this.suspended.delete(installationId);
  }

  /** Has no token work any more. */
  revokeTokens(): void {
    this.issued.clear();
  }

  /** https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
  find(repository: string): Answer {
    const id = [...this.byRepository].find(([name]) => name.toLowerCase() === repository.toLowerCase())?.[1];
    if (id === undefined) return NOT_FOUND;
    const suspendedAt = this.suspended.has(id) ? '2026-01-01T00:00:00Z' : null;
    const body: Pick<Installation, 'id' | 'app_id' | 'suspended_at'> = {
      id,
      app_id: Number(this.appId),
      suspended_at: suspendedAt,
    };
    return { status: 200, body };
  }

  /** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
  createToken(id: number, asked: TokenRequest): Answer {
    const reachable = this.repositoriesOf(id);
    if (!this.existing.has(id)) return NOT_FOUND;
    if (this.suspended.has(id)) {
      return { status: 403, body: { message: 'This installation has been suspended' } };
    }
    this.tokenRequests.push(asked);
    const covered = (asked.repositories ?? []).flatMap((name) =>
      reachable.filter((full) => full.toLowerCase().endsWith(`/${name.toLowerCase()}`)),
    );
    if (covered.length < (asked.repositories ?? []).length) {
      const message =
        'There is at least one repository that does not exist or is not accessible to the parent installation.';
      return { status: 422, body: { message } };
    }
    const permissions = asked.permissions as Permissions | undefined;
    if (!isGranted(permissions ?? {}, { ...ALWAYS, ...(this.granted.get(id) ?? ALL) })) {
      return {
        status: 422,
        body: { message: 'The permissions requested are not granted to this installation.' },
      };
    }
    const token = `ghs_${id}_${this.tokenRequests.length}`;
    const expiresAt = Date.now() + this.lifetimeSeconds * 1000;
    const repositories = asked.repositories === undefined ? null : covered.map((name) => name.toLowerCase());
    this.issued.set(token, {
      installation: id,
      repositories,
      permissions: { ...ALWAYS, ...(permissions ?? ALL) },
      expiresAt,
    });
    const body: TokenAnswer = { token, expires_at: new Date(expiresAt).toISOString() };
    return { status: 201, body };
  }

  /** Returns whether a token can read the contents of a repository `owner/name`. */
  canRead(token: string, repository: string): boolean {
    const issued = this.issued.get(token);
    if (issued === undefined || issued.expiresAt <= Date.now()) return false;
    const isReached = this.repositoriesOf(issued.installation).some(
      (name) =>
        name.toLowerCase() === repository.toLowerCase() &&
        (issued.repositories?.includes(name.toLowerCase()) ?? true),
    );
    return (
      isReached &&
      !this.suspended.has(issued.installation) &&
      isGranted({ contents: 'read' }, issued.permissions)
    );
  }

  /** Returns the answer to a request whose token does not allow it; null if it does. */
  denial({ headers, method }: ApiRequest, repository: string, permission: PermissionName): Answer | null {
    const token = tokenIn(headers);
    const issued = this.issued.get(token);
    if (issued === undefined || issued.expiresAt <= Date.now()) {
      return { status: 401, body: { message: 'Bad credentials' } };
    }
    const reached =
      issued.repositories ?? this.repositoriesOf(issued.installation).map((name) => name.toLowerCase());
    if (!reached.includes(repository.toLowerCase())) return NOT_FOUND;
    const needed = { [permission]: method === 'GET' ? 'read' : 'write' };
    if (isGranted(needed, issued.permissions)) return null;
    return { status: 403, body: { message: 'Resource not accessible by integration' } };
  }
}

function tokenIn({ authorization = '' }: ApiRequest['headers']): string {
  return /^(?:token|bearer) (\S+)$/i.exec(authorization)?.[1] ?? '';
}

function isGranted(asked: Permissions, granted: Permissions): boolean {
  return Object.entries(asked).every(
    ([name, level]) => granted[name] === 'write' || granted[name] === level || level === undefined,
  );
}
