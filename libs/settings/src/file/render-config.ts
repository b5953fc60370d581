import { stringify } from 'yaml';
import { FILE_SETTINGS } from '../all-settings.js';
import { valueAt, withValues } from '../paths.js';
import { type Setting, userValue } from '../setting.js';
import type { StoredSettings } from '../settings-types.js';

/** Returns the `nexos.yaml` with a project's name and the settings that it has set. Parsing it yields them again. */
export function renderConfig(name: string, settings: StoredSettings): string {
  const values = FILE_SETTINGS.flatMap(([path, setting]) => {
    const value = valueAt(settings, path);
    return value === undefined || value === null ? [] : [[setting.file, fileValue(setting, value)] as const];
  });
  // Long lines and repeated values stay as they are: the file has neither folded lines nor aliases.
  return stringify(withValues({ name }, values), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The file names the options of a service differently. */
function fileValue(setting: Setting, value: unknown): unknown {
  if (setting.kind !== 'service') return userValue(setting, value);
  const service = userValue(setting, value);
  if (typeof service !== 'object' || service === null) return service;
  const { storage_mb: storageMb, ...options } = service as { storage_mb?: number };
  return { ...options, ...(storageMb === undefined ? {} : { storageMb }) };
}
