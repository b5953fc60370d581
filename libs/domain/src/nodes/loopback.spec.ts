import { expect, it } from 'vitest';
import { isLoopback } from './loopback.js';

it.each(['127.0.0.1:2377', '127.1.2.3', 'localhost:2377', '[::1]:2377', '::1', '[::ffff:127.0.0.1]:2377'])(
  'isLoopback recognizes %s',
  (address) => {
    expect(isLoopback(address)).toBe(true);
  },
);

it.each(['10.0.0.1:2377', '[2001:db8::1]:2377', 'manager:2377', '10.127.0.0.1', '[::1:1]:2377', ''])(
  'isLoopback does not take %j for a loopback address',
  (address) => {
    expect(isLoopback(address)).toBe(false);
  },
);
