import { FILE_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { storedValue } from './setting.js';
import type { DeploymentSettings, RepositoryConfig } from './settings-types.js';

/**
 * Merges the config of a commit into the settings of its deployment. The commit overrides setting by setting and
 * variable by variable; a service keeps the options that the commit does not name, and its containers replace the
 * project's. Idempotent.
 */
export function mergeSettings(settings: DeploymentSettings, config: RepositoryConfig): DeploymentSettings {
  const values = FILE_SETTINGS.flatMap(([name, setting]) => {
    const value = valueAt(config, setting.file);
    if (value === undefined) return [];
    const before = valueAt(settings, name);
    const after = storedValue(setting, value, before);
    return [
      [name, setting.kind === 'variables' ? { ...(before as object), ...(after as object) } : after] as const,
    ];
  });
  return withValues(settings, values) as unknown as DeploymentSettings;
}

/** Lists the settings in a commit's file by name, never with their values; variables and containers only as a count. */
export function listFileFields(config: RepositoryConfig): string[] {
  return FILE_SETTINGS.flatMap(([, { kind, file }]) => {
    const value = valueAt(config, file);
    if (value === undefined) return [];
    return kind === 'variables' || kind === 'containers' ? counted(file, value as object) : [file];
  });
}

function counted(name: string, parts: object): string[] {
  const { length } = Object.keys(parts);
  return length === 0 ? [] : [`${name} (${length})`];
}
