import { Inject, Injectable } from '@nestjs/common';
import { type Event, EVENT_CONSUMERS, type EventConsumer } from './event-consumer.js';

/** Delivers an event to every consumer. */
@Injectable()
export class EventDispatcher {
  constructor(@Inject(EVENT_CONSUMERS) private readonly consumers: readonly EventConsumer[]) {}

  /**
   * Delivers the event to all consumers, even when some of them fail.
   *
   * @throws {AggregateError} when any consumer failed; the event is then redelivered to all of them
   */
  async dispatch(event: Event, signal: AbortSignal): Promise<void> {
    const results = await Promise.allSettled(
      this.consumers.map(async (consumer) => consumer.consume(event, signal)),
    );
    const failures = results.flatMap((result, at) =>
      result.status === 'rejected'
        ? [{ name: this.consumers[at]?.name ?? '', cause: result.reason as unknown }]
        : [],
    );
    if (failures.length === 0) return;
    const reasons = failures.map(({ name, cause }) => `${name}: ${messageOf(cause)}`).join('; ');
    throw new AggregateError(
      failures.map(({ cause }) => cause),
      `could not deliver ${event.of} event ${event.event.seq} to ${reasons}`,
    );
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
