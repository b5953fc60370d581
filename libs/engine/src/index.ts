export { archiveEngine, type ArchiveEngine } from './archives/archive-engine.js';
export {
  ARCHIVED_VOLUME,
  CommandFailedError,
  type ArchiveCommand,
  type ServiceVolume,
} from './archives/volume-archives.js';
export { BridgePlacement } from './services/bridge-placement.js';
export { BuildCache, type BuildCacheRecord } from './builds/build-cache.js';
export type { BuildLine } from './builds/build-progress.js';
export { CurrentTasks, type CurrentTask } from './services/current-tasks.js';
export {
  DeploymentServices,
  type DeploymentService,
  type VersionContainer,
} from './services/deployment-services.js';
export {
  EngineConflictError,
  EngineDiskFullError,
  EngineError,
  EngineForeignError,
  EngineNotFoundError,
  EngineNotManagerError,
  EngineRejectedError,
  EngineUnavailableError,
} from './client/engine-errors.js';
export { BUILD_LIMITS_LABEL, LABELS, ownerLabels, type Owner } from './client/engine-labels.js';
export {
  bridgeName,
  jobName,
  networkName,
  newImageTag,
  relayName,
  serviceName,
  sharedServiceName,
  sharedVolumeName,
} from './client/engine-names.js';
export { Engine, type EngineInfo, type SwarmState } from './client/engine.js';
export { EngineModule } from './engine.module.js';
export { ContainerFiles, type ContainerFile } from './containers/container-files.js';
export { LocalBridges, type LocalBridge } from './containers/local-bridges.js';
export {
  type ListedContainer,
  LocalContainers,
  type ContainerCommand,
  type ContainerEvent,
  type ContainerOutput,
  type ContainerOwner,
  type LocalContainer,
} from './containers/local-containers.js';
export { LocalEngineModule } from './local-engine.module.js';
export type { Guard } from './client/guard.js';
export {
  BuildStoppedError,
  ImageBuilder,
  type BuildRequest,
  type BuiltImage,
} from './builds/image-builder.js';
export { RegistryFailure } from './images/registry-failure.js';
export { NO_CREDENTIALS, type RegistryCredentials } from './images/registry-credentials.js';
export { RegistryTokens } from './images/registry-tokens.js';
export { ImagePusher } from './images/image-pusher.js';
export type { ImageLayer } from './images/image-layers.js';
export {
  Images,
  type PulledImage,
  type BuiltImageFacts,
  type ImageFacts,
  type ImageRemoval,
} from './images/images.js';
export type { JobEnd } from './jobs/job-end.js';
export { JobRemovedError, OneOffJobs, type OneOffJobSpec, type OneOffRun } from './jobs/one-off-jobs.js';
export type { NextSubnet } from './services/project-bridges.js';
export { ProjectNetworks, type ListedNetwork, type NetworkIds } from './services/project-networks.js';
export type { NetworkRemoval } from './services/overlay-networks.js';
export { VersionNetworks, type NetworkedVersion, type VersionNetwork } from './services/version-networks.js';
export type { OutputLine } from './logs/service-logs.js';
export type { FollowOptions, ServiceLogLine } from './logs/service-log-follow.js';
export type { DeploymentServiceSpec } from './services/service-spec.js';
export type { ServiceTask, TaskState } from './services/service-tasks.js';
export { reservedBy } from './services/task-template.js';
export { RelayServices, type RelaySpec } from './services/relay-services.js';
export { SharedServices, type SharedService, type SharedServiceSpec } from './services/shared-services.js';
export { SwarmCapacity, type Capacity, type TaskOwner } from './nodes/swarm-capacity.js';
export { SwarmMembership } from './nodes/swarm-membership.js';
export { SwarmNodes, type JoinToken, type NodeTask, type SwarmNode } from './nodes/swarm-nodes.js';
export type { ServiceRemoval } from './services/swarm-services.js';
export { Volumes, type SharedVolume, type VolumeRemoval } from './services/volumes.js';
