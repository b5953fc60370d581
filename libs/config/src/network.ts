import { isIP } from 'node:net';
import { ValidateBy } from 'class-validator';

const BITS: Partial<Record<number, number>> = { 4: 32, 6: 128 };

/** Tests whether a text is an IP address or a network in CIDR notation. */
export function isNetwork(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = BITS[isIP(address)];
  return bits !== undefined && (prefix === undefined || Number(prefix) <= bits);
}

/** Validates a list of IP addresses and networks in CIDR notation. */
export function AreNetworks(): PropertyDecorator {
  return ValidateBy(
    { name: 'isNetwork', validator: { validate: isNetwork } },
    { each: true, message: 'must be addresses or CIDR blocks, separated by commas' },
  );
}
