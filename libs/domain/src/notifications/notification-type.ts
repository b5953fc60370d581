import type { EventData } from '../events/event.js';
import type { HealthState } from '../health/environment-health.js';

/** What webhooks and channels can be told about. Clients ignore unknown types. */
export const NOTIFICATION_TYPES = [
  'deployment.queued',
  'deployment.building',
  'deployment.live',
  'deployment.failed',
  'deployment.cancelled',
  'environment.created',
  'environment.sleeping',
  'environment.awake',
  'environment.crashed',
  'environment.recovered',
  'environment.destroyed',
  'account.build_minutes',
  'webhook.disabled',
] as const;
export type NotificationType = (typeof NOTIFICATION_TYPES)[number];

/** The type of the message that `POST /webhooks/:id/test` sends. */
export const TEST_MESSAGE = 'test';
export type MessageType = NotificationType | typeof TEST_MESSAGE;

/** The part of an event that decides what it means to a reader. */
export interface PastEvent {
  readonly type: string;
  readonly data: EventData;
  readonly reason: string | null;
}

/** A newer deployment cancels an older one too, so that each deployment that was queued has an end. */
const OF_DEPLOYMENT_STATUS: Readonly<Partial<Record<string, NotificationType>>> = {
  queued: 'deployment.queued',
  building: 'deployment.building',
  live: 'deployment.live',
  failed: 'deployment.failed',
  cancelled: 'deployment.cancelled',
  superseded: 'deployment.cancelled',
};

/** The states of health in which nobody can use the app. */
const PROBLEMS: readonly HealthState[] = ['crash_looping', 'out_of_memory', 'unreachable'];

/** Returns what to tell about a deployment's event; null for nothing. */
export function deploymentNotification({ type, data }: PastEvent): NotificationType | null {
  if (type !== 'status' || data.to === undefined) return null;
  return Object.hasOwn(OF_DEPLOYMENT_STATUS, data.to) ? (OF_DEPLOYMENT_STATUS[data.to] ?? null) : null;
}

/** Whether an environment sleeps or has crashed, as far as its events tell. */
interface Course {
  sleepRequested: boolean;
  isAsleep: boolean;
  hasCrashed: boolean;
}

/**
 * Returns what to tell about each of an environment's events; null for nothing. A crash and its recovery, or sleep and
 * its end, are told once each, so the answer depends on the events before.
 *
 * @param events the last events of the environment, oldest first
 */
export function environmentNotifications(events: readonly PastEvent[]): (NotificationType | null)[] {
  const course: Course = {
    sleepRequested: false,
    isAsleep: false,
    hasCrashed: hadCrashed(events.find(({ type }) => type === 'health')),
  };
  return events.map((event) => {
    if (event.type === 'status') return afterStatus(event, course);
    if (event.type === 'health') return afterHealth(event.data.to, course);
    if (event.type === 'build_minutes') return 'account.build_minutes';
    if (event.type === 'requested') afterRequest(event.data.action, course);
    return null;
  });
}

/** Returns whether the app had crashed before the first known change of its health. */
function hadCrashed(first: PastEvent | undefined): boolean {
  return first !== undefined && isProblem(first.data.from);
}

function isProblem(state: unknown): boolean {
  return PROBLEMS.some((problem) => problem === state);
}

function afterRequest(action: unknown, course: Course): void {
  if (action === 'sleep') course.sleepRequested = true;
  else if (action === 'pause' || action === 'resume' || action === 'wake') course.sleepRequested = false;
}

function afterStatus({ data: { from, to }, reason }: PastEvent, course: Course): NotificationType | null {
  if (from === null) return 'environment.created';
  if (to === 'destroyed') return 'environment.destroyed';
  if (to === 'paused' && course.sleepRequested) {
    course.sleepRequested = false;
    course.isAsleep = true;
    return 'environment.sleeping';
  }
  if (to === 'failed' && reason !== 'deployment_failed') return crashed(course);
  if (to !== 'running') return null;
  const wasAsleep = course.isAsleep;
  course.isAsleep = false;
  // What did not start again after its sleep has crashed, and is told to have recovered.
  return recovered(course) ?? (wasAsleep ? 'environment.awake' : null);
}

function afterHealth(to: unknown, course: Course): NotificationType | null {
  if (isProblem(to)) return crashed(course);
  return to === 'healthy' ? recovered(course) : null;
}

function crashed(course: Course): NotificationType | null {
  if (course.hasCrashed) return null;
  course.hasCrashed = true;
  return 'environment.crashed';
}

function recovered(course: Course): NotificationType | null {
  if (!course.hasCrashed) return null;
  course.hasCrashed = false;
  return 'environment.recovered';
}
