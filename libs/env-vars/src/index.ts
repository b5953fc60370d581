export { ProjectVariablesModule } from './project-variables.module.js';
export { DecryptedVariables, ProjectVariables } from './project-variables.js';
export { RegistryLogins } from './registry-logins.js';
export { ServicePasswords, type ServiceCredentials } from './service-passwords.js';
