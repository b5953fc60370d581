import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type DeliveredMove, readDelivery } from '@nexos/github';
import type { WaitingDelivery } from '@nexos/state';

/** Larger than any body the API accepts. */
const BODY_LIMIT = 32 * 1024 * 1024;
const unpack = promisify(gunzip);

/** A delivery whose body is missing or malformed. Retrying cannot help. */
export class UnreadableDeliveryError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnreadableDeliveryError';
  }
}

/**
 * Unpacks and parses a stored delivery.
 *
 * @throws {UnreadableDeliveryError}
 */
export async function readStoredDelivery({
  event,
  body,
}: Pick<WaitingDelivery, 'event' | 'body'>): Promise<DeliveredMove> {
  if (body === null) throw new UnreadableDeliveryError('The body of the delivery has been deleted.');
  try {
    const text = (await unpack(body, { maxOutputLength: BODY_LIMIT })).toString('utf8');
    return readDelivery(event, JSON.parse(text) as unknown);
  } catch (error) {
    throw new UnreadableDeliveryError((error as Error).message, { cause: error });
  }
}
