import { EventsRepository } from '@nexos/state';
import { HandlesJob, type JobHandler } from '@nexos/queue';
import { Injectable } from '@nestjs/common';
import { EventDispatcher } from './event-dispatcher.js';

/** Delivers a deployment event to all consumers. */
@Injectable()
@HandlesJob('notify', 'deployment-event')
export class DeploymentEventHandler implements JobHandler<'notify', 'deployment-event'> {
  constructor(
    private readonly events: EventsRepository,
    private readonly dispatcher: EventDispatcher,
  ) {}

  async handle({ seq }: { seq: string }, signal: AbortSignal): Promise<void> {
    const event = await this.events.findOfDeployment(seq);
    if (event === null) return;
    await this.dispatcher.dispatch({ of: 'deployment', event }, signal);
    await this.events.markDispatched('deployment', seq);
  }
}

/** Delivers an environment event to all consumers. */
@Injectable()
@HandlesJob('notify', 'environment-event')
export class EnvironmentEventHandler implements JobHandler<'notify', 'environment-event'> {
  constructor(
    private readonly events: EventsRepository,
    private readonly dispatcher: EventDispatcher,
  ) {}

  async handle({ seq }: { seq: string }, signal: AbortSignal): Promise<void> {
    const event = await this.events.findOfEnvironment(seq);
    if (event === null) return;
    await this.dispatcher.dispatch({ of: 'environment', event }, signal);
    await this.events.markDispatched('environment', seq);
  }
}
