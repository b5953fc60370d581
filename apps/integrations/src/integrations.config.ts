import {
  BranchChecksConfig,
  DatabaseConfig,
  DeliveriesConfig,
  EncryptionConfig,
  FaultConfig,
  GithubConfig,
  IngressConfig,
  NotifyConfig,
  ObservabilityConfig,
  RedisConfig,
  WorkerConfig,
} from '@nexos/config';

/** The environment variables that an integrations worker reads. */
export const INTEGRATIONS_CONFIG = {
  database: DatabaseConfig,
  redis: RedisConfig,
  branchChecks: BranchChecksConfig,
  deliveries: DeliveriesConfig,
  encryption: EncryptionConfig,
  fault: FaultConfig,
  github: GithubConfig,
  ingress: IngressConfig,
  notify: NotifyConfig,
  worker: WorkerConfig,
  observability: ObservabilityConfig,
};
