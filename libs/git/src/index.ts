export type { BuildContext } from './build-context.js';
export type { FetchRequest } from './fetch-source.js';
export { GitModule } from './git.module.js';
export type { FetchedSource, MissingSubmodule } from './submodules/fetch-submodules.js';
export type { SubmoduleCredentials, SubmoduleGrant } from './submodules/submodule-credentials.js';
export { RemoteBranches } from './remote-branches.js';
export { RepositoryMirror, type ContextRequest, type TipRequest } from './repository-mirror.js';
export { dockerfileContext } from './dockerfile-context.js';
