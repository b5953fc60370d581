import type { ProjectEntity } from '@nexos/database';
import type { UpdateProjectDto } from './dto/update-project.dto.js';

/** What a project is made with where nothing else is said. */
export const PROJECT_DEFAULTS = {
  dockerfile: 'Dockerfile',
  buildContext: '.',
  buildTimeoutSeconds: 900,
  servicePostgres: false,
  serviceRedis: false,
  serviceS3: false,
  port: 3000,
  healthCheckPath: '/',
  cpu: 0.5,
  memoryMb: 512,
  autoDeploy: true,
  branchInclude: [],
  branchExclude: [],
} as const satisfies Partial<ProjectEntity>;

/** The columns that a body says something about. */
export function columnsOf(dto: UpdateProjectDto): Partial<ProjectEntity> {
  const columns: { [K in keyof ProjectEntity]?: ProjectEntity[K] | undefined } = {
    name: dto.name?.trim(),
    githubRepo: dto.github_repo,
    repositoryKey: dto.github_repo?.toLowerCase(),
    dockerfile: dto.dockerfile,
    buildContext: dto.build_context,
    buildTimeoutSeconds: dto.build_timeout_seconds,
    servicePostgres: dto.services?.postgres,
    serviceRedis: dto.services?.redis,
    serviceS3: dto.services?.s3,
    port: dto.port,
    healthCheckPath: dto.health_check_path,
    cpu: dto.cpu,
    memoryMb: dto.memory_mb,
    autoDeploy: dto.auto_deploy,
    branchInclude: dto.branch_filter?.include,
    branchExclude: dto.branch_filter?.exclude,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
