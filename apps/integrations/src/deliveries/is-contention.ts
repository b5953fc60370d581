import { postgresErrorCode } from '@nexos/database';

/** Lock timeout, deadlock, serialization failure. */
const CODES = ['55P03', '40P01', '40001'];

/** Whether a transaction failed because others were busy with the same rows: it may well succeed right after. */
export function isContention(error: unknown): boolean {
  return CODES.includes(postgresErrorCode(error) ?? '');
}
