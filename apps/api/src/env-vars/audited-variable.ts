import { type Sealer, sealIdentity } from '@nexos/crypto';
import type { EnvVarEntity } from '@nexos/database';
import { changedFields } from '@nexos/domain';
import { isOtherSecret } from '../audit/is-other-secret.js';

/** Returns what the audit log shows of an environment variable: never its value. */
export function auditedVariable({ id, key, branch, isSecret, build }: EnvVarEntity) {
  return { id, key, branch: branch === '' ? null : branch, secret: isSecret, build };
}

/**
 * Returns what the audit log shows of a variable before and after it was set; null if it is the same.
 *
 * @param value the value that it has now
 */
export function changedVariable(
  sealer: Sealer,
  before: EnvVarEntity | null,
  after: EnvVarEntity,
  value: string,
): { readonly before: object | null; readonly after: object } | null {
  const shown = auditedVariable(after);
  if (before === null) return { before: null, after: shown };
  const former = auditedVariable(before);
  const value_changed = isOtherSecret(sealer, before.sealedValue, sealIdentity.envVar(before.id), value);
  if (changedFields(former, shown) === null && !value_changed) return null;
  return { before: former, after: { ...shown, ...(value_changed && { value_changed }) } };
}
