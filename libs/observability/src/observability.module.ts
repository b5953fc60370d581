import { DatabaseModule } from '@nexos/database';
import { Global, Module } from '@nestjs/common';
import { DeploymentCounter } from './deployment-counter.js';
import { HealthServer } from './health-server.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

/** Health and figures, wherever a class asks for them. */
@Global()
@Module({ providers: [Health, Metrics], exports: [Health, Metrics] })
export class ObservabilityModule {}

/** The small HTTP server of a process that has no other. */
@Module({ imports: [ObservabilityModule], providers: [HealthServer] })
export class HealthServerModule {}

/** Counts what becomes of deployments, in a process that changes them. */
@Module({ imports: [ObservabilityModule, DatabaseModule], providers: [DeploymentCounter] })
export class DeploymentMetricsModule {}
