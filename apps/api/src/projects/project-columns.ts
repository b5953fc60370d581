import { type ProjectEntity } from '@nexos/database';
import { SETTING_DEFAULTS } from '@nexos/domain';
import type { UpdateProjectDto } from './dto/update-project.dto.js';

/** What a project is made with where nothing else is said. */
export const PROJECT_DEFAULTS = {
  dockerfile: SETTING_DEFAULTS.dockerfile,
  buildContext: SETTING_DEFAULTS.build_context,
  buildTimeoutSeconds: SETTING_DEFAULTS.build_timeout_seconds,
  servicePostgres: SETTING_DEFAULTS.services.postgres,
  serviceRedis: SETTING_DEFAULTS.services.redis,
  serviceS3: SETTING_DEFAULTS.services.s3,
  port: SETTING_DEFAULTS.port,
  healthCheckPath: SETTING_DEFAULTS.health_check_path,
  cpu: SETTING_DEFAULTS.cpu,
  memoryMb: SETTING_DEFAULTS.memory_mb,
  autoDeploy: true,
  sleepAfterMinutes: null,
  branchInclude: [],
  branchExclude: [],
  expiresAfterDays: null,
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
    sleepAfterMinutes: dto.sleep_after_minutes,
    branchInclude: dto.branch_filter?.include,
    branchExclude: dto.branch_filter?.exclude,
    expiresAfterDays: dto.expires_after_days,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
