export type { BuildContext } from './build-context.js';
export type { FetchRequest } from './fetch-commit.js';
export { GitModule } from './git.module.js';
export { RemoteBranches } from './remote-branches.js';
export { RepositoryMirror, type ContextRequest, type TipRequest } from './repository-mirror.js';
export { dockerfileContext } from './dockerfile-context.js';
