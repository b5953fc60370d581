import type { EventData } from '../events/event.js';

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
  'environment.deploys_paused',
  'environment.deploys_resumed',
  'environment.hooks_failed',
  'environment.pause',
  'environment.repository',
  'environment.reset',
  'environment.restore',
  'environment.resume',
  'environment.sleep',
  'environment.status',
  'environment.wake',
  'execution.cancel',
  'execution.create',
  'execution.status',
  'github_app.create',
  'github_app.delete',
  'github_app.request',
  'join_token.read',
  'node.join',
  'node.leave',
  'node.remove',
  'node.undrain',
  'project.create',
  'project.delete',
  'project.deleted',
  'project.update',
  'registry.delete',
  'registry.put',
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

const KNOWN: ReadonlySet<string> = new Set(AUDIT_ACTIONS);

/** Events that observe something which nobody changed, and the start of a command, which is recorded with its text. */
const UNAUDITED: readonly string[] = ['health', 'storage', 'execution'];

/** Returns the action that an event other than a change of status is recorded as; null if it is not audited. */
export function auditActionOf(
  of: 'deployment' | 'environment',
  type: string,
  { from, action }: EventData,
): AuditAction | null {
  if (UNAUDITED.includes(type)) return null;
  const verb =
    type === 'requested' && typeof action === 'string'
      ? action
      : type === 'status' && (from ?? null) === null
        ? 'create'
        : type;
  const name = `${of}.${verb}`;
  if (!KNOWN.has(name)) throw new Error(`no audit action is called ${name}`);
  return name as AuditAction;
}
