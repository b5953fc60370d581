import { PROJECT_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { givenValue, storedValue } from './setting.js';
import type { ProjectSettings, SettingsChange, SettingsRow } from './settings-types.js';

/** All settings of a project, with the defaults where nothing was set. */
export function projectSettings(row: SettingsRow): ProjectSettings {
  const values = PROJECT_SETTINGS.map(([name, setting]) => {
    const value = 'column' in setting ? valueAt(row, setting.column) : valueAt(row.settings, name);
    return [name, givenValue(setting, value ?? setting.default)] as const;
  });
  return withValues({}, values) as unknown as ProjectSettings;
}

/** The row of a project of which nothing was set. */
export function initialSettings(): SettingsRow {
  const columns = PROJECT_SETTINGS.flatMap(([, setting]) =>
    'column' in setting ? [[setting.column, setting.default] as const] : [],
  );
  return { settings: {}, ...Object.fromEntries(columns) } as unknown as SettingsRow;
}

/**
 * What a change comes to in a project's row; what it does not name stays as it is.
 *
 * @returns no property where nothing is changed
 */
export function changedSettings(
  { settings }: Pick<SettingsRow, 'settings'>,
  change: SettingsChange,
): Partial<SettingsRow> {
  const given = PROJECT_SETTINGS.flatMap(([name, setting]) => {
    const value = valueAt(change, name);
    return value === undefined ? [] : [[name, setting, storedValue(setting, value)] as const];
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
