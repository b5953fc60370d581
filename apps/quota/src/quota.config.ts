import { DatabaseConfig, ObservabilityConfig, RedisConfig, WorkerConfig } from '@nexos/config';

/** What a quota worker reads from its environment variables. */
export const QUOTA_CONFIG = {
  database: DatabaseConfig,
  redis: RedisConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
