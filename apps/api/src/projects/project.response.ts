import type { ProjectEntity, ProjectStatus } from '@nexos/database';

/** A project on the wire. */
export interface ProjectResponse {
  id: string;
  name: string;
  slug: string;
  /** `deleting` while its environments are being destroyed. */
  status: Exclude<ProjectStatus, 'deleted'>;
  github_repo: string;
  dockerfile: string;
  build_context: string;
  services: { postgres: boolean; redis: boolean; s3: boolean };
  port: number;
  health_check_path: string;
  cpu: number;
  memory_mb: number;
  build_timeout_seconds: number;
  auto_deploy: boolean;
  branch_filter: { include: string[]; exclude: string[] };
  created_at: string;
  updated_at: string;
}

export function toProjectResponse(project: ProjectEntity): ProjectResponse {
  return {
    id: project.id,
    name: project.name,
    slug: project.slug,
    status: project.status === 'active' ? 'active' : 'deleting',
    github_repo: project.githubRepo,
    dockerfile: project.dockerfile,
    build_context: project.buildContext,
    services: { postgres: project.servicePostgres, redis: project.serviceRedis, s3: project.serviceS3 },
    port: project.port,
    health_check_path: project.healthCheckPath,
    cpu: project.cpu,
    memory_mb: project.memoryMb,
    build_timeout_seconds: project.buildTimeoutSeconds,
    auto_deploy: project.autoDeploy,
    branch_filter: { include: project.branchInclude, exclude: project.branchExclude },
    created_at: project.createdAt.toISOString(),
    updated_at: project.updatedAt.toISOString(),
  };
}
