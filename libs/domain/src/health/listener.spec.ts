import { describe, expect, it } from 'vitest';
import { explainRefusal, type Listener } from './listener.js';

const on = (address: string, port: number): Listener => ({ address, port });

describe('explainRefusal', () => {
  it.each<[string, Listener[], RegExp]>([
    [
      'nothing listens',
      [],
      /^Nothing in the container listened on a TCP port within 60 s: .*0\.0\.0\.0:3000.*PORT/,
    ],
    [
      'it listens on 127.0.0.1 only',
      [on('127.0.0.1', 3000)],
      /^The app listens on 127\.0\.0\.1 only \(port 3000\), which only/,
    ],
    [
      'it listens on ::1 only',
      [on('::1', 3000)],
      /^The app listens on ::1 only \(port 3000\), which only its own/,
    ],
    [
      'it listens on both loopbacks',
      [on('127.0.0.1', 3000), on('::1', 3000)],
      /listens on 127\.0\.0\.1 only \(port 3000\)/,
    ],
    ['it listens on IPv6 only', [on('::', 3000)], /^The app listens on port 3000 on IPv6 only/],
    [
      'it listens on one address',
      [on('10.0.1.4', 3000)],
      /listens on 10\.0\.1\.4 only \(port 3000\), not on all/,
    ],
    [
      'it listens on another port',
      [on('0.0.0.0', 8080)],
      /^The app listens on port 8080 instead of 3000: .*set port/,
    ],
    [
      'it listens on another port over IPv6',
      [on('::', 8080)],
      /^The app listens on port 8080 instead of 3000/,
    ],
    [
      'it listens on several other ports',
      [1, 2, 2, 3, 4].map((port) => on('0.0.0.0', port)),
      /^The app listens on ports 1, 2, 3 instead of 3000/,
    ],
    [
      'it listens on another port of 127.0.0.1',
      [on('127.0.0.1', 8080)],
      /listens on 127\.0\.0\.1 only \(port 8080\)/,
    ],
    [
      'a helper listens inside, and the app on another port',
      [on('127.0.0.1', 9229), on('::', 8080)],
      /listens on port 8080 instead/,
    ],
    [
      'a helper listens outside, and the app on 127.0.0.1',
      [on('0.0.0.0', 9090), on('127.0.0.1', 3000)],
      /listens on 127\.0\.0\.1 only \(port 3000\)/,
    ],
  ])('says that %s', (_what, listeners, message) => {
    expect(explainRefusal(listeners, { port: 3000, seconds: 60 })).toMatch(message);
  });

  it('blames nothing when the port is open after all', () => {
    const open = [on('0.0.0.0', 3000), on('127.0.0.1', 3000)];
    expect(explainRefusal(open, { port: 3000, seconds: 60 })).toBeNull();
  });

  it('says where a port comes from that nobody set', () => {
    const of = { port: 8080, seconds: 60, isExposed: true };
    expect(explainRefusal([on('0.0.0.0', 3000)], of)).toMatch(
      /^The app listens on port 3000 instead of 8080, the port that its image exposes: .*set port/,
    );
  });

  it('names the setting of a further container', () => {
    const of = { port: 3001, seconds: 60, part: 'container' } as const;
    expect(explainRefusal([on('0.0.0.0', 80)], of)).toBe(
      'The container listens on port 80 instead of 3001: make it listen on the port in the PORT variable, or set its port to the one that it listens on.',
    );
    expect(explainRefusal([], of)).toContain('make the program listen on 0.0.0.0:3001');
  });
});
