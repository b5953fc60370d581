import { type Cause, type RequestedAction } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { recordEvent } from '../events/record-event.js';

/** Records an action requested of an environment, and who requested it. */
export function recordRequest(
  transaction: Transaction,
  environmentId: string,
  action: RequestedAction,
  cause: Cause,
): Promise<void> {
  return recordEvent(transaction, {
    of: 'environment',
    subjectId: environmentId,
    type: 'requested',
    data: { action },
    cause,
  });
}
