import type { EnvVarEntity } from '@nexos/database';

/** Returns what the audit log shows of an environment variable: never its value. */
export function auditedVariable({ id, key, branch, isSecret, build }: EnvVarEntity) {
  return { id, key, branch: branch === '' ? null : branch, secret: isSecret, build };
}
