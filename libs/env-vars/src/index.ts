export { ProjectVariablesModule } from './project-variables.module.js';
export { DecryptedVariables, ProjectVariables } from './project-variables.js';
export { ServiceKeys, type ServiceCredentials } from './service-keys.js';
