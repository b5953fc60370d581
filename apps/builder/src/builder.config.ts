import {
  BuilderConfig,
  DatabaseConfig,
  EncryptionConfig,
  EngineConfig,
  GithubConfig,
  IngressConfig,
  ObservabilityConfig,
  RedisConfig,
  WorkerConfig,
} from '@nexos/config';

/** What a builder reads from its environment variables. */
export const BUILDER_CONFIG = {
  database: DatabaseConfig,
  redis: RedisConfig,
  engine: EngineConfig,
  encryption: EncryptionConfig,
  github: GithubConfig,
  ingress: IngressConfig,
  builder: BuilderConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
