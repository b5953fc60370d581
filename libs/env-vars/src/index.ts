export { EnvVarsModule } from './env-vars.module.js';
export { OpenVariables, ProjectVariables } from './project-variables.js';
