import { DEPLOYMENT_SETTINGS } from './all-settings.js';
import { valueAt, withValues } from './paths.js';
import { storedValue } from './setting.js';
import type { DeploymentSettings, StoredSettings } from './settings-types.js';

/**
 * Returns the complete settings of a deployment. Fills in the defaults for what a project has not set, and for what an
 * earlier version of Nexos, with fewer settings, did not store. Keeps settings that a later version stored.
 */
export function deploymentSettings(stored: StoredSettings | DeploymentSettings): DeploymentSettings {
  const values = DEPLOYMENT_SETTINGS.map(([name, setting]) => {
    const value = valueAt(stored, name);
    return [name, value === undefined ? setting.default : storedValue(setting, value)] as const;
  });
  return withValues(stored, values) as unknown as DeploymentSettings;
}
