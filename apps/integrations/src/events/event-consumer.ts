import type { DeploymentEvent, EnvironmentEvent } from '@nexos/state';

/** An event and the kind of its subject. */
export type Event =
  | { readonly of: 'deployment'; readonly event: DeploymentEvent }
  | { readonly of: 'environment'; readonly event: EnvironmentEvent };

/**
 * Receives every event. Events may arrive twice, late and out of order; a consumer that depends on order reads the
 * current state of the deployment or environment instead.
 */
export interface EventConsumer {
  /** Name in the log. */
  readonly name: string;
  /** A rejection has the event redelivered to all consumers later. */
  consume(event: Event, signal: AbortSignal): Promise<void>;
}

/** Injection token for the list of all consumers. */
export const EVENT_CONSUMERS = Symbol('EVENT_CONSUMERS');
