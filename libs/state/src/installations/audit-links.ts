import type { Transaction } from '@nexos/database';
import { recordAudit } from '../audit/record-audit.js';

/** An account that may use the repositories of an installation, or no longer. */
export interface InstallationLink {
  readonly accountId: string;
  readonly installationId: string;
}

/** Records that accounts may use installations, or no longer. */
export async function auditLinks(
  transaction: Transaction,
  action: 'installation.link' | 'installation.unlink',
  links: readonly InstallationLink[],
  actor: string,
): Promise<void> {
  const isLinked = action === 'installation.link';
  for (const { accountId, installationId: subject } of links) {
    const change = { before: { linked: !isLinked }, after: { linked: isLinked } };
    await recordAudit(transaction, { action, subject, accountId, actor, ...change });
  }
}
