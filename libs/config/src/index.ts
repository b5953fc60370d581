export { AuditConfig } from './audit.config.js';
export { BuilderConfig } from './builder.config.js';
export { ConfigModule } from './config.module.js';
export { DatabaseConfig } from './database.config.js';
export { DatabaseTimeoutConfig } from './database-timeout.config.js';
export { BackupConfig } from './backup.config.js';
export { BranchChecksConfig } from './branch-checks.config.js';
export { DeliveriesConfig } from './deliveries.config.js';
export type { AppName } from './env.decorator.js';
export { describeVariables, type VariableDescription } from './describe-variables.js';
export { EncryptionConfig } from './encryption.config.js';
export { EngineConfig } from './engine.config.js';
export { FaultConfig } from './fault.config.js';
export {
  FAULT_POINTS,
  faultPoint,
  INTEGRATIONS_FAULT_POINTS,
  LIFECYCLE_FAULT_POINTS,
  type FaultPoint,
  type IntegrationsFaultPoint,
  type LifecycleFaultPoint,
} from './fault-point.js';
export { GithubConfig } from './github.config.js';
export { HttpConfig } from './http.config.js';
export { IngressConfig } from './ingress.config.js';
export { readKeyVariables } from './key-variables.js';
export { LimitsConfig } from './limits.config.js';
export { ConfigurationError, loadConfig, loadConfigOrExit } from './load-config.js';
export { NotifyConfig } from './notify.config.js';
export { ObservabilityConfig } from './observability.config.js';
export { RedisConfig } from './redis.config.js';
export { ServicesConfig } from './services.config.js';
export { SignInConfig } from './sign-in.config.js';
export { WorkerConfig } from './worker.config.js';
export { withDeadline } from './with-deadline.js';
