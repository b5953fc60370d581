import type { Endpoints } from '@octokit/types';

type PublicUser = Endpoints['GET /user']['response']['data'];
type UserResponse = Pick<PublicUser, 'id' | 'login' | 'name' | 'email' | 'avatar_url'>;
export type EmailsAnswer = Endpoints['GET /user/emails']['response']['data'];

type UserInstallations = Endpoints['GET /user/installations']['response']['data'];
type Installation = UserInstallations['installations'][number];
export interface UserInstallation extends Pick<Installation, 'id' | 'app_id'> {
  readonly account: Pick<NonNullable<Installation['account']>, 'id'> & { login: string; type: string };
}

/** A GitHub user; `email` is the public address, `emails` are all addresses. */
export interface TestUser extends UserResponse {
  readonly emails: EmailsAnswer;
}

/** Returns the response of `GET /user`. */
export function toUserResponse({ id, login, name, email, avatar_url }: TestUser): UserResponse {
  return { id, login, name, email, avatar_url };
}

let counter = 1_000;

/** Returns a unique user with a public address. */
export function testUser(fields: Partial<TestUser> = {}): TestUser {
  const id = ++counter;
  const login = `octocat-${id}`;
  return {
    id,
    login,
    name: `Octocat ${id}`,
    email: `${login}@example.com`,
    avatar_url: `https://avatars.example.com/u/${id}`,
    emails: [],
    ...fields,
  };
}
