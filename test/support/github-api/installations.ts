import type { Endpoints } from '@octokit/types';

type Installation = Endpoints['GET /repos/{owner}/{repo}/installation']['response']['data'];
type TokenAnswer = Endpoints['POST /app/installations/{installation_id}/access_tokens']['response']['data'];
export type TokenRequest = Partial<
  Endpoints['POST /app/installations/{installation_id}/access_tokens']['parameters']
>;

export interface Answer {
  readonly status: number;
  readonly body: Pick<Installation, 'id' | 'app_id'> | TokenAnswer | { readonly message: string };
}

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not Found' } };

/** The repositories where an App is installed, and its tokens. */
export class Installations {
  readonly tokenRequests: TokenRequest[] = [];
  lifetimeSeconds = 3600;
  private readonly byRepository = new Map<string, number>();

  constructor(private readonly appId: string) {}

  install(repository: string, installationId: number): void {
    this.byRepository.set(repository, installationId);
  }

  /** https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app */
  find(repository: string): Answer {
    const id = this.byRepository.get(repository);
    return id === undefined ? NOT_FOUND : { status: 200, body: { id, app_id: Number(this.appId) } };
  }

  /** https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app */
  createToken(id: number, asked: TokenRequest): Answer {
    const reachable = [...this.byRepository].flatMap(([name, found]) => (found === id ? [name] : []));
    if (reachable.length === 0) return NOT_FOUND;
    this.tokenRequests.push(asked);
    const isCovered = (name: string): boolean => reachable.some((full) => full.endsWith(`/${name}`));
    if (!(asked.repositories ?? []).every(isCovered)) {
      const message =
        'There is at least one repository that does not exist or is not accessible to the parent installation.';
      return { status: 422, body: { message } };
    }
    const expiresAt = new Date(Date.now() + this.lifetimeSeconds * 1000).toISOString();
    return { status: 201, body: { token: `ghs_${id}_${this.tokenRequests.length}`, expires_at: expiresAt } };
  }
}
