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

/** What a builder reads from its environment variables. */
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
