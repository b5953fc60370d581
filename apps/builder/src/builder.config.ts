import {
  BuilderConfig,
  DatabaseConfig,
  EncryptionConfig,
  EngineConfig,
  GithubConfig,
  IngressConfig,
  ObservabilityConfig,
  RedisConfig,
  ServicesConfig,
  WorkerConfig,
} from '@nexos/config';

/** The environment variables that a builder reads. */
export const BUILDER_CONFIG = {
  database: DatabaseConfig,
  redis: RedisConfig,
  engine: EngineConfig,
  encryption: EncryptionConfig,
  github: GithubConfig,
  ingress: IngressConfig,
  builder: BuilderConfig,
  services: ServicesConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
