import { type RecordedEvent, UnitOfWork } from '@nexos/database';
import { isDeploymentStatus, isUnfinished } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { Metrics } from './metrics.js';

/** Counts deployments that reach a final status or go live in transactions of this process, after the commit. */
@Injectable()
export class DeploymentCounter {
  constructor(
    private readonly metrics: Metrics,
    unitOfWork: UnitOfWork,
  ) {
    unitOfWork.onRecorded((events) => events.forEach((event) => this.count(event)));
  }

  private count({ of, type, data }: RecordedEvent): void {
    if (of !== 'deployment' || type !== 'status') return;
    const status = data.to;
    if (isDeploymentStatus(status) && !isUnfinished(status)) this.metrics.deployments.inc({ status });
  }
}
