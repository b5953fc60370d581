import { Global, Module } from '@nestjs/common';
import { HealthServer } from './health-server.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

/** Health and metrics, available for injection everywhere. */
@Global()
@Module({ providers: [Health, Metrics], exports: [Health, Metrics] })
export class ObservabilityModule {}

/** The small HTTP server of a process without another one. */
@Module({ imports: [ObservabilityModule], providers: [HealthServer] })
export class HealthServerModule {}
