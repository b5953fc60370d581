export { withCorrelation } from './correlation.js';
export { DeploymentCounter } from './deployment-counter.js';
export { Health, type HealthReport } from './health.js';
export { jobContext } from './job-context.js';
export { NestLogger, createLogger } from './logger.js';
export { Metrics } from './metrics.js';
export { DeploymentMetricsModule, HealthServerModule, ObservabilityModule } from './observability.module.js';
