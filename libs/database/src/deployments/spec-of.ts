import type { DeploymentSpec } from '@nexos/domain';
import type { ProjectEntity } from '../entities/project.entity.js';

/** How a deployment is built and run that a project asks for now. */
export function specOf(
  project: Pick<
    ProjectEntity,
    'dockerfile' | 'buildContext' | 'buildTimeoutSeconds' | 'port' | 'healthCheckPath' | 'cpu' | 'memoryMb'
  >,
): DeploymentSpec {
  return {
    dockerfile: project.dockerfile,
    build_context: project.buildContext,
    build_timeout_seconds: project.buildTimeoutSeconds,
    port: project.port,
    health_check_path: project.healthCheckPath,
    cpu: project.cpu,
    memory_mb: project.memoryMb,
  };
}
