export { ProjectVariablesModule } from './project-variables.module.js';
export { DecryptedVariables, ProjectVariables } from './project-variables.js';
export { ServicePasswords, type ServiceCredentials } from './service-passwords.js';
