import { faultPoint } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { GithubRequests } from '@nexos/github';
import { wantDeploymentReports, wantEndReports } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import type { Event, EventConsumer } from '../events/event-consumer.js';

const END = ['destroying', 'destroyed'];

/**
 * Notes what GitHub does not know after an event. It keeps no content of the event: that is read when GitHub is told, so
 * the order of events does not matter, and several become one request.
 */
@Injectable()
export class ReportConsumer implements EventConsumer {
  readonly name = 'github';

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly requests: GithubRequests,
  ) {}

  async consume({ of, event }: Event): Promise<void> {
    if (event.type !== 'status' || (await this.requests.appId()) === null) return;
    if (of === 'environment' && !END.includes(event.data.to ?? '')) return;
    await this.unitOfWork.run(async (transaction) => {
      if (of === 'deployment') await wantDeploymentReports(transaction, event.deploymentId);
      else await wantEndReports(transaction, event.environmentId);
      faultPoint('report.written');
    });
    faultPoint('report.committed');
  }
}
