import { isDatabaseAway, postgresErrorCode } from '@nexos/database';

/** Lock timeout, deadlock, serialization failure: others were busy with the same rows. */
const BUSY = ['55P03', '40P01', '40001'];

/** Whether an attempt failed for a reason that is not the delivery's, and passes by itself. */
export function isTransient(error: unknown): boolean {
  return isDatabaseAway(error) || BUSY.includes(postgresErrorCode(error) ?? '');
}
