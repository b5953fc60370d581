import { DEPLOYMENT_SETTINGS, FILE_SETTINGS } from './all-settings.js';
import { valueAt } from './paths.js';
import { type Setting, type UserValues, userValue } from './setting.js';
import type { DeploymentSettings, RepositoryConfig, SettingName, StoredSettings } from './settings-types.js';

/**
 * Where a deployment's value of a setting comes from. `image`: the EXPOSE of its image; `unknown` for deployments of earlier
 * versions of Nexos.
 */
export const SETTING_SOURCES = ['default', 'image', 'project', 'nexos.yaml', 'unknown'] as const;
export type SettingSource = (typeof SETTING_SOURCES)[number];

/** The sources of a deployment's settings by name, without those that have their default. */
export type StoredSources = Readonly<Record<string, Exclude<SettingSource, 'default' | 'unknown'>>>;

/** A setting of a deployment, as users see it. */
export interface EffectiveSetting {
  /** Variables as a list of their names: their values may be anything. */
  readonly value: unknown;
  readonly source: SettingSource;
}

/** Returns the sources of a deployment's settings while its project's are all that is known. */
export function projectSources(stored: StoredSettings): StoredSources {
  const present = DEPLOYMENT_SETTINGS.filter(([name]) => valueAt(stored, name) !== undefined);
  return Object.fromEntries(present.map(([name]) => [name, 'project']));
}

/** Returns whether neither the project nor the commit has the setting of a deployment; null when that is unknown. */
export function isUnset(sources: StoredSources | null, name: SettingName): boolean | null {
  return sources === null ? null : !['project', 'nexos.yaml'].includes(sources[name] ?? '');
}

/** Returns the sources after `mergeSettings`. */
export function mergeSources(sources: StoredSources, config: RepositoryConfig): StoredSources {
  const present = FILE_SETTINGS.filter(([, { file }]) => valueAt(config, file) !== undefined);
  return { ...sources, ...Object.fromEntries(present.map(([name]) => [name, 'nexos.yaml'])) };
}

/**
 * Returns all settings of a deployment by name, with their sources.
 *
 * @param sources null when they were not recorded
 */
export function effectiveSettings(
  settings: DeploymentSettings,
  sources: StoredSources | null,
): Record<string, EffectiveSetting> {
  return Object.fromEntries(
    DEPLOYMENT_SETTINGS.map(([name, setting]) => {
      const value = userValue(setting, valueAt(settings, name));
      const source = sources === null ? 'unknown' : (sources[name] ?? 'default');
      return [name, { value: withoutVariables(setting, value), source }];
    }),
  );
}

function withoutVariables({ kind }: Setting, value: unknown): unknown {
  switch (kind) {
    case 'variables':
      return Object.keys(value as object);
    case 'containers':
      return (value as UserValues['containers']).map(({ env = {}, ...container }) => ({
        ...container,
        env: Object.keys(env),
      }));
    default:
      return value;
  }
}
