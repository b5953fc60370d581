import type {
  DeploymentEventType,
  EnvironmentEventType,
  EventData,
  RequestedAction,
} from '../events/event.js';

/** Every action that the audit log can record. Clients ignore actions that they do not know. */
export const AUDIT_ACTIONS = [
  'account.update',
  'api_key.create',
  'api_key.revoke',
  'delivery.receive',
  'delivery.replay',
  'deployment.create',
  'deployment.status',
  'env_var.delete',
  'env_var.put',
  'environment.create',
  'environment.database_reset',
  'environment.hooks_failed',
  'environment.pause',
  'environment.reset',
  'environment.restore',
  'environment.resume',
  'environment.sleep',
  'environment.status',
  'environment.wake',
  'execution.cancel',
  'execution.create',
  'execution.status',
  'fork.approve',
  'fork.deny',
  'fork.withdraw',
  'github_app.create',
  'github_app.delete',
  'github_app.request',
  'installation.link',
  'installation.unlink',
  'join_token.read',
  'node.join',
  'node.leave',
  'node.remove',
  'node.undrain',
  'project.create',
  'project.delete',
  'project.deleted',
  'project.deploys_paused',
  'project.deploys_resumed',
  'project.repository',
  'project.update',
  'queue.discard',
  'queue.pause',
  'queue.promote',
  'queue.resume',
  'queue.retry',
  'registry.delete',
  'registry.put',
  'secrets.reseal',
  'session.create',
  'session.end',
  'webhook.create',
  'webhook.delete',
  'webhook.disable',
  'webhook.replay',
  'webhook.test',
  'webhook.update',
  'webhook_secret.replace',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The action that an event is recorded as, or a function that returns it; null for events that are not audited. */
type Audited = AuditAction | ((data: EventData) => AuditAction) | null;

const REQUESTED: Readonly<Record<RequestedAction, AuditAction>> = {
  pause: 'environment.pause',
  resume: 'environment.resume',
  sleep: 'environment.sleep',
  wake: 'environment.wake',
  reset: 'environment.reset',
  restore: 'environment.restore',
};
const DEPLOYMENT_EVENTS: Readonly<Record<DeploymentEventType, Audited>> = {
  status: (data) => (isNew(data) ? 'deployment.create' : 'deployment.status'),
};
const ENVIRONMENT_EVENTS: Readonly<Record<EnvironmentEventType, Audited>> = {
  status: (data) => (isNew(data) ? 'environment.create' : 'environment.status'),
  requested: requestedAction,
  database_reset: 'environment.database_reset',
  hooks_failed: 'environment.hooks_failed',
  // The start of a command is recorded with its text.
  execution: null,
  // Recorded once, as changes of the project.
  repository: null,
  deploys_paused: null,
  deploys_resumed: null,
  // Nobody changed anything.
  health: null,
  storage: null,
  build_minutes: null,
};

/** An event, as far as its action depends on it. */
type AuditedEvent = { readonly data: EventData } & (
  | { readonly of: 'deployment'; readonly type: DeploymentEventType }
  | { readonly of: 'environment'; readonly type: EnvironmentEventType }
);

/**
 * Returns the action that an event other than a change of status is recorded as; null if it is not audited.
 *
 * @throws {Error} for a request whose action is unknown
 */
export function auditActionOf(event: AuditedEvent): AuditAction | null {
  const audited = event.of === 'deployment' ? DEPLOYMENT_EVENTS[event.type] : ENVIRONMENT_EVENTS[event.type];
  return typeof audited === 'function' ? audited(event.data) : audited;
}

function isNew({ from }: EventData): boolean {
  return (from ?? null) === null;
}

function requestedAction({ action }: EventData): AuditAction {
  const known: Readonly<Record<string, AuditAction>> = REQUESTED;
  const found = typeof action === 'string' && Object.hasOwn(known, action) ? known[action] : undefined;
  if (found === undefined) throw new Error(`no audit action records the request ${String(action)}`);
  return found;
}
