import {
  DatabaseConfig,
  DeliveriesConfig,
  FaultConfig,
  GithubConfig,
  IngressConfig,
  ObservabilityConfig,
  RedisConfig,
  WorkerConfig,
} from '@nexos/config';

/** The environment variables that an integrations worker reads. */
export const INTEGRATIONS_CONFIG = {
  database: DatabaseConfig,
  redis: RedisConfig,
  deliveries: DeliveriesConfig,
  fault: FaultConfig,
  github: GithubConfig,
  ingress: IngressConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
