import { Inject, Injectable } from '@nestjs/common';
import { type Event, EVENT_CONSUMERS, type EventConsumer } from './event-consumer.js';

/** Gives an event to every consumer. */
@Injectable()
export class EventDispatcher {
  constructor(@Inject(EVENT_CONSUMERS) private readonly consumers: readonly EventConsumer[]) {}

  /**
   * A consumer that fails keeps none of the others from the event.
   *
   * @throws {AggregateError} when one failed: then all of them are given the event once more
   */
  async dispatch(event: Event, signal: AbortSignal): Promise<void> {
    const ends = await Promise.allSettled(
      this.consumers.map(async (consumer) => consumer.consume(event, signal)),
    );
    const failures = ends.flatMap((end, at) =>
      end.status === 'rejected'
        ? [{ name: this.consumers[at]?.name ?? '', cause: end.reason as unknown }]
        : [],
    );
    if (failures.length === 0) return;
    const said = failures.map(({ name, cause }) => `${name}: ${messageOf(cause)}`).join('; ');
    throw new AggregateError(
      failures.map(({ cause }) => cause),
      `the event ${event.event.seq} of the ${event.of} was not passed on to ${said}`,
    );
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
