import { Injectable, Logger } from '@nestjs/common';
import type { Event, EventConsumer } from './event-consumer.js';

/** Logs one line per event for the operator: who did what, when, and why. */
@Injectable()
export class EventLogConsumer implements EventConsumer {
  readonly name = 'log';
  private readonly logger = new Logger(EventLogConsumer.name);

  consume(event: Event): Promise<void> {
    this.logger.log(lineOf(event));
    return Promise.resolve();
  }
}

/** Formats an event, which holds only statuses, ids and codes, and no secrets. */
function lineOf(of: Event): object {
  const { seq, projectId, type, data, actor, reason, at } = of.event;
  const id = of.of === 'deployment' ? of.event.deploymentId : of.event.environmentId;
  const { from, to, ...details } = data;
  const change =
    to === undefined ? [type, data.action].filter(Boolean).join(' ') : `${from ?? 'new'} → ${to}`;
  return {
    message: `${id}: ${change}, by ${actor}${reason === null ? '' : ` (${reason})`}`,
    event: { of: of.of, seq, id, project: projectId, type, from, to, details, actor, reason, at },
  };
}
