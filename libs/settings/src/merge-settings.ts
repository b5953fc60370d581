import { FILE_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { storedValue } from './setting.js';
import type { DeploymentSettings, RepositoryConfig } from './settings-types.js';

/**
 * Merges the config of a commit into the settings of its deployment. The commit overrides setting by setting and
 * variable by variable. Idempotent.
 */
export function mergeSettings(settings: DeploymentSettings, config: RepositoryConfig): DeploymentSettings {
  const values = FILE_SETTINGS.flatMap(([name, setting]) => {
    const value = valueAt(config, setting.file);
    if (value === undefined) return [];
    if (setting.kind !== 'variables') return [[name, storedValue(setting, value)] as const];
    return [[name, { ...(valueAt(settings, name) as object), ...(value as object) }] as const];
  });
  return withValues(settings, values) as unknown as DeploymentSettings;
}

/** The settings in a commit's file, by name and never with their values. */
export interface FileFields {
  /** Settings that override the project's, such as `app.port`. */
  readonly overridden: readonly string[];
  /** Settings that a project cannot have; variables only as a count. */
  readonly fileOnly: readonly string[];
}

/** Lists the settings that a commit's file contains. */
export function listFileFields(config: RepositoryConfig): FileFields {
  const present = FILE_SETTINGS.filter(([, { file }]) => valueAt(config, file) !== undefined);
  const namesOf = (isOfProject: boolean) =>
    present
      .filter(([, { project }]) => (project === true) === isOfProject)
      .flatMap(([, { kind, file }]) => {
        return kind === 'variables' ? counted(file, valueAt(config, file) as object) : [file];
      });
  return { overridden: namesOf(true), fileOnly: namesOf(false) };
}

function counted(name: string, variables: object): string[] {
  const { length } = Object.keys(variables);
  return length === 0 ? [] : [`${name} (${length})`];
}
