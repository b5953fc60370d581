import type { DeploymentEvent, EnvironmentEvent } from '@nexos/state';

/** An event, and what it is about. */
export type Event =
  | { readonly of: 'deployment'; readonly event: DeploymentEvent }
  | { readonly of: 'environment'; readonly event: EnvironmentEvent };

/**
 * Receives every event. It may be given one twice, late, and in another order than they happened in: where that
 * matters, it reads where the deployment or environment stands now.
 */
export interface EventConsumer {
  /** Its name in the log. */
  readonly name: string;
  /** When it rejects, all consumers are given the event again after a while. */
  consume(event: Event, signal: AbortSignal): Promise<void>;
}

/** The token of the list of all consumers. */
export const EVENT_CONSUMERS = Symbol('EVENT_CONSUMERS');
