import { AuditConfig, DatabaseConfig, ObservabilityConfig, RedisConfig, WorkerConfig } from '@nexos/config';

/** The environment variables that a quota worker reads. */
export const QUOTA_CONFIG = {
  audit: AuditConfig,
  database: DatabaseConfig,
  redis: RedisConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
