import { DEPLOYMENT_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { storedValue } from './setting.js';
import type { DeploymentSettings, StoredSettings } from './settings-types.js';

/**
 * The settings of a deployment, with the defaults for those that it does not have: of a project what was set of it, and
 * of a deployment what a version before wrote that had fewer settings. What a later version wrote more is kept.
 */
export function deploymentSettings(stored: StoredSettings | DeploymentSettings): DeploymentSettings {
  const values = DEPLOYMENT_SETTINGS.map(([name, setting]) => {
    const value = valueAt(stored, name);
    return [name, value === undefined ? setting.default : storedValue(setting, value)] as const;
  });
  return withValues(stored, values) as unknown as DeploymentSettings;
}
