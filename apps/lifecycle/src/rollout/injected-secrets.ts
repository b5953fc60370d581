import { DeploymentFailure, expandVariables, isPublicVariable, isReservedVariable } from '@nexos/domain';
import { type DecryptedVariables } from '@nexos/env-vars';

type Values = Readonly<Record<string, string>>;

/**
 * Returns the values of a started container that a log must redact. The project's variables may have changed since, so
 * a value is secret unless it is known to be none: by where it comes from, not by its variable's name.
 *
 * @param injected the container's variables
 * @param variables the project's, as they are now
 * @param inRepository `env` of the version's settings
 */
export function injectedSecrets(
  injected: Values,
  variables: DecryptedVariables,
  inRepository: Values,
): string[] {
  const ofServices = replaceableValues(injected);
  const isSecret = ([name, value]: [string, string]): boolean => {
    if (isReservedVariable(name)) return !isPublicVariable(name);
    const rows = variables.valuesOf(name).filter((row) => becomes(name, row.value, injected));
    if (rows.length > 0) return rows.some((row) => row.isSecret);
    if (Object.hasOwn(inRepository, name) && becomes(name, inRepository[name] ?? '', injected)) return false;
    return ofServices[name] !== value;
  };
  return Object.entries(injected)
    .filter(isSecret)
    .map(([, value]) => value);
}

/** Returns whether a text is the container's value of that variable, as it is or with its references replaced. */
function becomes(name: string, text: string, injected: Values): boolean {
  const value = injected[name];
  if (text === value) return true;
  const others = Object.fromEntries(Object.entries(injected).filter(([other]) => other !== name));
  try {
    return expandVariables({ [name]: text }, others)[name] === value;
  } catch (error) {
    if (error instanceof DeploymentFailure) return false;
    throw error;
  }
}

/** Returns what services set where no user does, except passwords. Only Nexos sets the URLs that contain it. */
function replaceableValues({ DATABASE_URL, REDIS_URL }: Values): Values {
  const postgres = partsOf(DATABASE_URL);
  const redis = partsOf(REDIS_URL);
  return {
    ...(postgres && {
      PGHOST: postgres.hostname,
      PGPORT: postgres.port,
      PGUSER: postgres.username,
      PGDATABASE: postgres.pathname.slice(1),
    }),
    ...(redis && {
      REDIS_HOST: redis.hostname,
      REDIS_PORT: redis.port,
      REDIS_USERNAME: redis.username,
      REDIS_DB: redis.pathname.slice(1),
    }),
  };
}

function partsOf(url: string | undefined): URL | null {
  return url !== undefined && URL.canParse(url) ? new URL(url) : null;
}
