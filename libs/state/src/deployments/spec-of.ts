import { type DeploymentSpec } from '@nexos/domain';
import { type ProjectEntity } from '@nexos/database';

/** What of a project a deployment takes over. */
export type ProjectSettings = Pick<
  ProjectEntity,
  | 'dockerfile'
  | 'buildContext'
  | 'buildTimeoutSeconds'
  | 'port'
  | 'healthCheckPath'
  | 'cpu'
  | 'memoryMb'
  | 'servicePostgres'
  | 'serviceRedis'
  | 'serviceS3'
>;

/** How a deployment is built and run that a project asks for now; its commit may still say otherwise. */
export function specOf(project: ProjectSettings): DeploymentSpec {
  return {
    dockerfile: project.dockerfile,
    build_context: project.buildContext,
    build_timeout_seconds: project.buildTimeoutSeconds,
    build_args: {},
    port: project.port,
    health_check_path: project.healthCheckPath,
    cpu: project.cpu,
    memory_mb: project.memoryMb,
    services: { postgres: project.servicePostgres, redis: project.serviceRedis, s3: project.serviceS3 },
    env: {},
    hooks: { on_deploy: null, on_new: null, seed: null },
  };
}
