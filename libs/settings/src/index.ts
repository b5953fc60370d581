export { PROJECT_SETTINGS } from './all-settings.js';
export { auditedSettings } from './audited-settings.js';
export { forkCommitSettings, forkProjectSettings } from './fork-settings.js';
export { type Demand, demandOf, isMoreThan } from './demand.js';
export { deploymentSettings } from './deployment-settings.js';
export { CONFIG_FILE, type ConfigProblem, RepositoryConfigError } from './file/config-problem.js';
export { repositoryConfigSchema } from './file/json-schema.js';
export { parseRepositoryConfig } from './file/parse-repository-config.js';
export { renderConfig } from './file/render-config.js';
export { MAX_CONFIG_BYTES } from './file/yaml-source.js';
export { listFileFields, mergeSettings } from './merge-settings.js';
export { changedSettings, configuredSettings, initialSettings, projectSettings } from './project-settings.js';
export {
  type EffectiveSetting,
  effectiveSettings,
  mergeSources,
  projectSources,
  isUnset,
  SETTING_SOURCES,
  type StoredSources,
} from './setting-sources.js';
export {
  dataProblems,
  NO_VERSIONS,
  offerProblems,
  offerWith,
  type ServiceData,
  type ServiceOffer,
  type ServiceProblem,
  versionChangeProblem,
} from './service-offer.js';
export { settingProblem } from './setting-problem.js';
export { settingSchema } from './setting-schema.js';
export type { JsonSchema } from './value-schema.js';
export { containersOf, type Container } from './containers/containers-of.js';
export { CONTAINER_FIELDS } from './containers/container-fields.js';
export type { StoredContainer } from './containers/container-values.js';
export { userValue, type ServiceSetting, type Setting } from './setting.js';
export type {
  DeploymentSettings,
  ProjectSettings,
  RepositoryConfig,
  SettingsChange,
  SettingsRow,
  StoredSettings,
} from './settings-types.js';
