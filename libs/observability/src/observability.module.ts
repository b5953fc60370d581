import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { HealthServer } from './health-server.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';
import { ShutdownHooks } from './shutdown-hooks.js';

/** Health and metrics, available for injection everywhere, and what `stopOnSignal` needs. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Health, Metrics, ShutdownHooks],
  exports: [Health, Metrics],
})
export class ObservabilityModule {}

/** The small HTTP server of a process without another one. */
@Module({ imports: [ObservabilityModule], providers: [HealthServer] })
export class HealthServerModule {}
