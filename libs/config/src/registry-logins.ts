import {
  registryHost,
  registryHostProblem,
  type RegistryLogin,
  registryPasswordProblem,
  registryUserProblem,
} from '@nexos/domain';
import { ValidateBy } from 'class-validator';

export const LOGINS_EXAMPLE = '[{"host":"ghcr.io","user":"acme","password":"…"}]';

/** Accepts a JSON list of logins, each registry once. Its message quotes nothing: the value contains passwords. */
export const AreLogins = () =>
  ValidateBy({
    name: 'areLogins',
    validator: {
      validate: (text: unknown) => {
        const logins = typeof text === 'string' ? loginsIn(text) : null;
        return logins !== null && new Set(logins.map(({ host }) => host)).size === logins.length;
      },
      defaultMessage: () => `must be a JSON list such as ${LOGINS_EXAMPLE}, with each host once`,
    },
  });

/** Returns null when the text is not a valid list. */
export function loginsIn(text: string): RegistryLogin[] | null {
  const list = parsed(text);
  if (!Array.isArray(list)) return null;
  const logins = (list as unknown[]).flatMap((item) => {
    const { host, user, password } = (item ?? {}) as Partial<Record<keyof RegistryLogin, unknown>>;
    const problems = [
      registryHostProblem(host),
      registryUserProblem(user),
      registryPasswordProblem(password),
    ];
    if (problems.some((problem) => problem !== null)) return [];
    return [{ host: registryHost(host as string), user: user as string, password: password as string }];
  });
  return logins.length === list.length ? logins : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
