import type { DeploymentSettings, StoredSettings } from './settings-types.js';

const VARIABLES: readonly string[] = ['env', 'build_args'];

/**
 * Returns the settings of a project that a pull request of a fork is deployed with: without variables, which may be secret, and
 * without Redis, part of which all environments of a project share.
 */
export function forkProjectSettings(stored: StoredSettings): StoredSettings {
  const { containers, services } = stored;
  return {
    ...Object.fromEntries(Object.entries(stored).filter(([name]) => !VARIABLES.includes(name))),
    ...(containers !== undefined && { containers: containers.map((one) => ({ ...one, env: {} })) }),
    ...(services !== undefined && { services: { ...services, redis: false } }),
  };
}

/** Returns the settings of a commit of a fork: its own variables stay, but Redis is not for it. */
export function forkCommitSettings(settings: DeploymentSettings): DeploymentSettings {
  return { ...settings, services: { ...settings.services, redis: false } };
}
