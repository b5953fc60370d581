import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { Redactor } from './redactor.js';

const LONG = inject('scale') === 'long';

describe('Redactor', () => {
  it('masks a secret anywhere in a text, plain, percent-encoded and in JSON', () => {
    const secret = 'p@ss "word"/1';
    const redactor = new Redactor([secret]);
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(redactor.redact(`a ${form} b ${form}`)).toBe('a [redacted] b [redacted]');
    }
  });

  it.each(['', 'u', 'u:', 'user:'])('masks the base64 of a secret after %j', (before) => {
    const secret = 'p@ss word/1';
    const encoded = Buffer.from(`${before}${secret} and more`).toString('base64');
    const text = new Redactor([secret]).redact(encoded);
    expect(text).toContain('[redacted]');
    for (const part of text.split('[redacted]')) {
      expect(Buffer.from(part, 'base64').toString()).not.toContain('word');
    }
  });

  it('masks every line of a multi-line secret', () => {
    const redactor = new Redactor(['-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----\n']);
    expect(redactor.redact('> abcdefgh')).toBe('> [redacted]');
  });

  it('masks the longer of two secrets with a common prefix', () => {
    expect(new Redactor(['secret', 'secret-and-more']).redact('secret-and-more')).toBe('[redacted]');
  });

  it('leaves text unchanged when there are no secrets or they are too short', () => {
    expect(new Redactor([]).redact('abc')).toBe('abc');
    expect(new Redactor(['a']).redact('banana')).toBe('banana');
  });

  it('masks adjacent, repeated and overlapping secrets to their last character', () => {
    const redactor = new Redactor(['abcdef123', '123ghijkl']);
    expect(redactor.redact('abcdef123abcdef123')).toBe('[redacted][redacted]');
    expect(redactor.redact('< abcdef123ghijkl >')).toBe('< [redacted] >');
    expect(redactor.redact('abcdef abcdef123')).toBe('abcdef [redacted]');
  });

  it.each([
    ['six characters', '123456', 'a 123456 b', 'a [redacted] b'],
    ['five characters', '12345', 'a 12345 b', 'a 12345 b'],
    ['a word such as true', 'true', 'is true', 'is true'],
    ['regular expression syntax', '(a+)+$\\E[x', 'x (a+)+$\\E[x', 'x [redacted]'],
    ['characters outside the Basic Multilingual Plane', 'p🚀🚀🚀w', '🚀 p🚀🚀🚀w 🚀', '🚀 [redacted] 🚀'],
    ['a text that looks truncated', 'secret … value …', 'a secret … value … b', 'a [redacted] b'],
    ['surrounding space', '  padded-secret\n', 'is padded-secret.', 'is [redacted].'],
    ['Windows line ends', 'first-line\r\nsecond-line', '2 second-line', '2 [redacted]'],
    ['lines that a terminal overwrites', 'first-line\rsecond-line', 'second-line', '[redacted]'],
    ['characters that logs strip', 'secret\u001b[1m-\u0007value', 'a secret-value', 'a [redacted]'],
  ])('handles a secret with %s', (_, secret, text, expected) => {
    expect(new Redactor([secret]).redact(text)).toBe(expected);
  });

  it('masks the rest of a secret at the end of a truncated line', () => {
    const secret = random(400);
    const redactor = new Redactor([secret, 'secret-word', 'another-secret']);
    for (const length of [6, 31, 32, 33, 300, secret.length]) {
      const line = `says ${secret.slice(0, length)} … (line cut)`;
      expect(redactor.redact(line)).toBe('says [redacted] … (line cut)');
    }
    expect(redactor.redact('says secret-w … (line cut)')).toBe('says [redacted] … (line cut)');
    expect(redactor.redact('`RUN echo secret-w…` failed, … secret-wo …')).toBe(
      '`RUN echo [redacted]…` failed, … [redacted] …',
    );
    expect(redactor.redact('says secret-w')).toBe('says secret-w');
  });

  it('masks every one of many secrets anywhere in a text, and nothing else', () => {
    const secret = fc.string({ minLength: 6, maxLength: 45, unit: fc.constantFrom('a', 'b', '-') });
    const noise = fc.string({ maxLength: 9, unit: fc.constantFrom('0', '1', ' ') });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(noise, fc.nat()), { maxLength: 9 }),
        (secrets, parts) => {
          const text = parts.map(([before, i]) => `${before}0${secrets[i % secrets.length] ?? ''}0`).join('');
          const expected = parts.map(([before]) => `${before}0[redacted]0`).join('');
          expect(new Redactor(secrets).redact(text)).toBe(expected);
        },
      ),
    );
  });

  const KIB = LONG ? 1_024 : 256;
  it.each([
    ['500 random secrets', 8 * KIB, 4, () => random(24), () => random(3_072)],
    ['500 secrets with a common prefix', KIB, 30, (i: number) => `${'a'.repeat(900)}${i}`, allAlike],
    ['500 secrets that are prefixes of one another', KIB, 30, (i: number) => 'a'.repeat(i + 6), allAlike],
    ['500 secrets that the text nearly contains', KIB, 30, (i: number) => `${'a'.repeat(30)}${i}`, allAlike],
  ])(
    'redacts %s from %i KiB within %i ms per KiB',
    { timeout: 60_000 },
    (_, kib, msForEach, secretOf, lineOf) => {
      const redactor = new Redactor(Array.from({ length: 500 }, (__, i) => secretOf(i)));
      const lines = Array.from({ length: 32 }, lineOf);
      const started = performance.now();
      for (let i = 0; i < kib / 4; i++) redactor.redact(lines[i % lines.length] ?? '');
      expect(performance.now() - started).toBeLessThan(kib * msForEach);
    },
  );
});

function random(bytes: number): string {
  return randomBytes(bytes).toString('base64');
}

function allAlike(): string {
  return 'a'.repeat(4_096);
}
