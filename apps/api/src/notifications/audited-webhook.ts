import type { WebhookEntity } from '@nexos/database';

/** Returns what the audit log shows of a webhook. The path and the query of its URL may be secret. */
export function auditedWebhook({ format, url, events, disabledAt }: WebhookEntity) {
  return { format, origin: url === null ? null : new URL(url).origin, events, enabled: disabledAt === null };
}
