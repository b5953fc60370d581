export { withCorrelation } from './correlation.js';
export { DeploymentCounter } from './deployment-counter.js';
export { Health, type HealthReport } from './health.js';
export { jobContext } from './job-context.js';
export { NestLogger, createLogger } from './logger.js';
export { Metrics } from './metrics.js';
export { DeploymentMetricsModule } from './deployment-metrics.module.js';
export { HealthServerModule, ObservabilityModule } from './observability.module.js';
export { stopOnSignal } from './stop-on-signal.js';
