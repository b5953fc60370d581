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

/** The environment variables that a lifecycle worker reads. */
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
