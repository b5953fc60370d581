import type { AccountEntity } from '@nexos/database';
import type { PlanName, Scope } from '@nexos/domain';

/** What a request was authenticated by. */
export class CredentialResponse {
  type!: 'api_key' | 'session';
  id!: string;
  scopes!: Scope[];
  expires_at!: string | null;
}

/** Who makes the request. */
export class MeResponse {
  id!: string;
  name!: string;
  /** Null, as are the address and the picture, for an account that does not sign in through GitHub. */
  github_login!: string | null;
  email!: string | null;
  avatar_url!: string | null;
  plan!: PlanName;
  is_operator!: boolean;
  created_at!: string;
  credential!: CredentialResponse;
}

export function toMeResponse(account: AccountEntity, credential: CredentialResponse): MeResponse {
  return {
    id: account.id,
    name: account.name,
    github_login: account.githubLogin,
    email: account.email,
    avatar_url: account.avatarUrl,
    plan: account.plan,
    is_operator: account.isOperator,
    created_at: account.createdAt.toISOString(),
    credential,
  };
}
