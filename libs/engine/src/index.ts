export { BuildCache, type BuildCacheRecord } from './build-cache.js';
export type { BuildLine } from './build-progress.js';
export { DeploymentServices, type DeploymentService } from './deployment-services.js';
export {
  EngineConflictError,
  EngineDiskFullError,
  EngineError,
  EngineForeignError,
  EngineNotFoundError,
  EngineNotManagerError,
  EngineRejectedError,
  EngineUnavailableError,
  mapEngineError,
} from './engine-errors.js';
export { LABELS, ownerLabels, type Owner } from './engine-labels.js';
export {
  jobName,
  networkName,
  newImageTag,
  serviceName,
  sharedServiceName,
  sharedVolumeName,
} from './engine-names.js';
export { Engine, type EngineInfo, type SwarmState } from './engine.js';
export { EngineModule } from './engine.module.js';
export type { Guard } from './guard.js';
export { ImageBuilder, type BuildRequest, type BuiltImage } from './image-builder.js';
export { ImagePusher } from './image-pusher.js';
export type { ImageLayer } from './image-layers.js';
export { Images, type BuiltImageFacts, type ImageFacts, type ImageRemoval } from './images.js';
export type { JobEnd } from './job-end.js';
export { JobGoneError, OneOffJobs, type OneOffJobSpec, type OneOffRun } from './one-off-jobs.js';
export { ProjectNetworks, type NetworkRemoval, type ProjectNetwork } from './project-networks.js';
export type { OutputLine } from './service-logs.js';
export type { FollowOptions, ServiceLogLine } from './service-log-follow.js';
export type { DeploymentServiceSpec } from './service-spec.js';
export type { ServiceTask, TaskState } from './service-tasks.js';
export { SharedServices, type SharedService, type SharedServiceSpec } from './shared-services.js';
export { SwarmMembership } from './swarm-membership.js';
export { SwarmNodes, type SwarmEntrance, type SwarmNode } from './swarm-nodes.js';
export type { ServiceRemoval } from './swarm-services.js';
export { Volumes, type SharedVolume, type VolumeRemoval } from './volumes.js';
