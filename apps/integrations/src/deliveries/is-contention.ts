import { postgresErrorCode } from '@nexos/database';

/** Lock timeout, deadlock, serialization failure. */
const CODES = ['55P03', '40P01', '40001'];

/** Returns whether a transaction failed because others used the same rows, so that an immediate retry may succeed. */
export function isContention(error: unknown): boolean {
  return CODES.includes(postgresErrorCode(error) ?? '');
}
