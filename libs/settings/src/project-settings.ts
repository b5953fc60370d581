import { DEPLOYMENT_SETTINGS, FILE_SETTINGS, PROJECT_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { userValue, storedValue } from './setting.js';
import type {
  ProjectSettings,
  RepositoryConfig,
  SettingsChange,
  SettingsRow,
  StoredSettings,
} from './settings-types.js';

/** Returns all settings of a project, with defaults for those that are not set. */
export function projectSettings(row: SettingsRow): ProjectSettings {
  const values = PROJECT_SETTINGS.map(([name, setting]) => {
    const value = 'column' in setting ? valueAt(row, setting.column) : valueAt(row.settings, name);
    return [name, userValue(setting, value ?? setting.default)] as const;
  });
  return withValues({}, values) as unknown as ProjectSettings;
}

/** Returns the settings row of a project with nothing set. */
export function initialSettings(): SettingsRow {
  const columns = PROJECT_SETTINGS.flatMap(([, setting]) =>
    'column' in setting ? [[setting.column, setting.default] as const] : [],
  );
  return { settings: {}, ...Object.fromEntries(columns) } as unknown as SettingsRow;
}

/**
 * Returns the columns of a project's row that a change sets. Settings that the change does not name keep their values.
 *
 * @returns an empty object when nothing changes
 */
export function changedSettings(
  { settings }: Pick<SettingsRow, 'settings'>,
  change: SettingsChange,
): Partial<SettingsRow> {
  const given = PROJECT_SETTINGS.flatMap(([name, setting]) => {
    const value = valueAt(change, name);
    return value === undefined
      ? []
      : [[name, setting, storedValue(setting, value, valueAt(settings, name))] as const];
  });
  const columns = given.flatMap(([, setting, value]) =>
    'column' in setting ? [[setting.column, value] as const] : [],
  );
  const stored = given
    .filter(([, setting]) => !('column' in setting))
    .map(([name, , value]) => [name, value] as const);
  return {
    ...Object.fromEntries(columns),
    ...(stored.length === 0 ? {} : { settings: withValues(settings, stored) }),
  };
}

/** Returns the stored settings after a file replaces all those that a file can have; what it omits is not set. */
export function configuredSettings(
  { settings }: Pick<SettingsRow, 'settings'>,
  config: RepositoryConfig,
): StoredSettings {
  const kept = DEPLOYMENT_SETTINGS.filter(([, { file }]) => file === undefined);
  const values = [
    ...kept.map(([name]) => [name, valueAt(settings, name)] as const),
    ...FILE_SETTINGS.map(([name, setting]) => {
      const value = valueAt(config, setting.file);
      return [name, value === undefined ? undefined : storedValue(setting, value)] as const;
    }),
  ];
  return withValues(
    {},
    values.filter(([, value]) => value !== undefined),
  );
}
