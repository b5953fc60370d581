import { describe, expect, it } from 'vitest';
import { ForwardedCheck } from './forwarded-check.js';

/** Returns how many warnings each of these peers causes. */
function warningsOf(peers: readonly string[]): number[] {
  const texts: string[] = [];
  const check = new ForwardedCheck((text) => texts.push(text));
  return peers.map((peer) => {
    const before = texts.length;
    check.warnOf(peer);
    return texts.length - before;
  });
}

describe('ForwardedCheck', () => {
  it('warns once of each network', () => {
    expect(warningsOf(['192.0.2.7', '192.0.2.7', '192.0.2.8', '2001:db8::1', '2001:db8::2'])).toEqual([
      1, 0, 1, 1, 0,
    ]);
  });

  it('warns of a proxy nearby after any number of strangers, who cause ten warnings at most', () => {
    const strangers = Array.from({ length: 100 }, (_, n) => `198.51.100.${n}`);
    const warnings = warningsOf([...strangers, '10.0.0.1', '127.0.0.1', 'fd00::1', '::1', '172.16.0.1']);
    expect(warnings.slice(0, 100).filter((count) => count > 0)).toHaveLength(10);
    expect(warnings.slice(100)).toEqual([1, 1, 1, 1, 1]);
  });
});
