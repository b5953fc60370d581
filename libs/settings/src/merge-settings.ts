import { FILE_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { storedValue } from './setting.js';
import type { DeploymentSettings, RepositoryConfig } from './settings-types.js';

/**
 * Merges what a commit says into the settings of its deployment: the commit wins, setting by setting and variable by
 * variable. Merging the same commit again changes nothing.
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

/** Which settings a commit's file gives, by name and never with their values. */
export interface GivenFields {
  /** Those that win over a setting of the project, such as `app.port`. */
  readonly overSettings: readonly string[];
  /** Those that a project cannot set; of variables their number. */
  readonly further: readonly string[];
}

export function givenFields(config: RepositoryConfig): GivenFields {
  const given = FILE_SETTINGS.filter(([, { file }]) => valueAt(config, file) !== undefined);
  const namesOf = (ofProject: boolean) =>
    given
      .filter(([, { project }]) => (project === true) === ofProject)
      .flatMap(([, { kind, file }]) => {
        return kind === 'variables' ? counted(file, valueAt(config, file) as object) : [file];
      });
  return { overSettings: namesOf(true), further: namesOf(false) };
}

function counted(name: string, variables: object): string[] {
  const { length } = Object.keys(variables);
  return length === 0 ? [] : [`${name} (${length})`];
}
