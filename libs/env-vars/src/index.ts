export { branchGlobProblem, matchesBranch } from './branch-glob.js';
export { EnvVarsModule } from './env-vars.module.js';
export { OpenVariables, ProjectVariables } from './project-variables.js';
