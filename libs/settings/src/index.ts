export { PROJECT_SETTINGS } from './all-settings.js';
export { deploymentSettings } from './deployment-settings.js';
export { CONFIG_FILE, RepositoryConfigError } from './file/config-problem.js';
export { repositoryConfigSchema, type JsonSchema } from './file/json-schema.js';
export { parseRepositoryConfig } from './file/parse-repository-config.js';
export { MAX_CONFIG_BYTES } from './file/yaml-source.js';
export { listFileFields, mergeSettings } from './merge-settings.js';
export { changedSettings, initialSettings, projectSettings } from './project-settings.js';
export {
  type EffectiveSetting,
  effectiveSettings,
  mergeSources,
  projectSources,
  SETTING_SOURCES,
  type StoredSources,
} from './setting-sources.js';
export { userValue, type ProjectSetting } from './setting.js';
export type {
  DeploymentSettings,
  ProjectSettings,
  RepositoryConfig,
  SettingsChange,
  SettingsRow,
  StoredSettings,
} from './settings-types.js';
