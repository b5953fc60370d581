export { CONFIG_FILE, RepositoryConfigError, type ConfigProblem } from './config-problem.js';
export { repositoryConfigSchema, type JsonSchema } from './json-schema.js';
export { parseRepositoryConfig } from './parse-repository-config.js';
export { MAX_CONFIG_BYTES } from './yaml-source.js';
