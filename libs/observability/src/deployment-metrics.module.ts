import { DatabaseModule } from '@nexos/database';
import { Module } from '@nestjs/common';
import { DeploymentCounter } from './deployment-counter.js';
import { ObservabilityModule } from './observability.module.js';

/** Counts deployment outcomes in a process that changes deployments. Apart, so that a process without Postgres is small. */
@Module({ imports: [ObservabilityModule, DatabaseModule], providers: [DeploymentCounter] })
export class DeploymentMetricsModule {}
