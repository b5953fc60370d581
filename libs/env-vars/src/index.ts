export { EnvVarsModule } from './env-vars.module.js';
export { OpenVariables, ProjectVariables } from './project-variables.js';
export { ServiceKeys, type ServiceCredentials } from './service-keys.js';
