import { DeliveriesConfig } from '@nexos/config';
import { GithubRequests } from '@nexos/github';
import { PeriodicTask } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { RedeliveryRound } from './redelivery-round.js';

/** How often it is checked whether a round is due: Postgres says so, since another process may have had one. */
const CHECK_MS = 20_000;

/** Has GitHub repeat deliveries that failed: at the start, and every few minutes. Does nothing without a GitHub App. */
@Injectable()
export class RedeliveryTask extends PeriodicTask {
  private readonly stopping = new AbortController();
  private isStart = true;

  constructor(
    private readonly round: RedeliveryRound,
    private readonly requests: GithubRequests,
    { redeliveryMs }: DeliveriesConfig,
  ) {
    super('redelivery', Math.min(redeliveryMs, CHECK_MS));
  }

  override async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort(new Error('the process is stopping'));
    await super.beforeApplicationShutdown();
  }

  protected async run(): Promise<void> {
    const appId = await this.requests.appId();
    if (appId === null || this.stopping.signal.aborted) return;
    const { isStart } = this;
    this.isStart = false;
    await this.round.run(appId, isStart, this.stopping.signal);
  }
}
