import {
  DatabaseConfig,
  EncryptionConfig,
  EngineConfig,
  FaultConfig,
  IngressConfig,
  ObservabilityConfig,
  RedisConfig,
  ServicesConfig,
  WorkerConfig,
} from '@nexos/config';

/** What a lifecycle worker reads from its environment variables. */
export const LIFECYCLE_CONFIG = {
  database: DatabaseConfig,
  redis: RedisConfig,
  engine: EngineConfig,
  encryption: EncryptionConfig,
  ingress: IngressConfig,
  services: ServicesConfig,
  worker: WorkerConfig,
  fault: FaultConfig,
  observability: ObservabilityConfig,
};
