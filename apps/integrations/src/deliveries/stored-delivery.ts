import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DeliveredMove, readDelivery } from '@nexos/github';
import type { WaitingDelivery } from '@nexos/state';

/** More than the API takes. */
const BODY_LIMIT = 32 * 1024 * 1024;
const unpack = promisify(gunzip);

/** A delivery whose body is gone, or is not what GitHub documents. It stays that way, however often it is read. */
export class UnreadableDeliveryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableDeliveryError';
  }
}

/** @throws {UnreadableDeliveryError} */
export async function readStoredDelivery({
  event,
  body,
}: Pick<WaitingDelivery, 'event' | 'body'>): Promise<DeliveredMove> {
  if (body === null) throw new UnreadableDeliveryError('The body of the delivery is gone.');
  try {
    const text = (await unpack(body, { maxOutputLength: BODY_LIMIT })).toString('utf8');
    return readDelivery(event, JSON.parse(text) as unknown);
  } catch (error) {
    throw new UnreadableDeliveryError((error as Error).message, { cause: error });
  }
}
