import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { Redactor } from './redactor.js';

const LONG = inject('scale') === 'long';

describe('Redactor', () => {
  it('masks a secret wherever it stands, plain, percent-encoded and in JSON', () => {
    const secret = 'p@ss "word"/1';
    const redactor = new Redactor([secret]);
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(redactor.redact(`a ${form} b ${form}`)).toBe('a [redacted] b [redacted]');
    }
  });

  it.each(['', 'u', 'u:', 'user:'])('masks its base64 with %j before it', (before) => {
    const secret = 'p@ss word/1';
    const encoded = Buffer.from(`${before}${secret} and more`).toString('base64');
    const text = new Redactor([secret]).redact(encoded);
    expect(text).toContain('[redacted]');
    for (const part of text.split('[redacted]')) {
      expect(Buffer.from(part, 'base64').toString()).not.toContain('word');
    }
  });

  it('masks every line of a secret of several lines', () => {
    const redactor = new Redactor(['-----BEGIN KEY-----\nabcdefgh\n-----END KEY-----\n']);
    expect(redactor.redact('> abcdefgh')).toBe('> [redacted]');
  });

  it('masks the longer of two secrets that begin alike', () => {
    expect(new Redactor(['secret', 'secret-and-more']).redact('secret-and-more')).toBe('[redacted]');
  });

  it('leaves text alone when there is nothing to hide, or only what is too short', () => {
    expect(new Redactor([]).redact('abc')).toBe('abc');
    expect(new Redactor(['a']).redact('banana')).toBe('banana');
  });

  it('masks adjacent secrets, repeated ones and overlapping ones to their last character', () => {
    const redactor = new Redactor(['abcdef123', '123ghijkl']);
    expect(redactor.redact('abcdef123abcdef123')).toBe('[redacted][redacted]');
    expect(redactor.redact('< abcdef123ghijkl >')).toBe('< [redacted] >');
    expect(redactor.redact('abcdef abcdef123')).toBe('abcdef [redacted]');
  });

  it.each([
    ['six characters', '123456', 'a 123456 b', 'a [redacted] b'],
    ['five characters', '12345', 'a 12345 b', 'a 12345 b'],
    ['a word such as true', 'true', 'is true', 'is true'],
    ['what a regular expression would read', '(a+)+$\\E[x', 'x (a+)+$\\E[x', 'x [redacted]'],
    ['characters beyond the first plane', 'p🚀🚀🚀w', '🚀 p🚀🚀🚀w 🚀', '🚀 [redacted] 🚀'],
    ['what looks like a cut', 'secret … value …', 'a secret … value … b', 'a [redacted] b'],
    ['space around it', '  padded-secret\n', 'is padded-secret.', 'is [redacted].'],
    ['lines that end as on Windows', 'first-line\r\nsecond-line', '2 second-line', '2 [redacted]'],
    ['lines that a terminal overwrites', 'first-line\rsecond-line', 'second-line', '[redacted]'],
    ['characters that no log shows', 'secret\u001b[1m-\u0007value', 'a secret-value', 'a [redacted]'],
  ])('takes %s for what it is', (_, secret, text, expected) => {
    expect(new Redactor([secret]).redact(text)).toBe(expected);
  });

  it('masks what is left of a secret at the end of a line that was cut', () => {
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

  it('masks every secret of many, wherever it stands, and nothing else', () => {
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
    ['500 secrets that begin alike', KIB, 30, (i: number) => `${'a'.repeat(900)}${i}`, allAlike],
    ['500 secrets that begin one another', KIB, 30, (i: number) => 'a'.repeat(i + 6), allAlike],
    ['500 secrets that a text nearly holds', KIB, 30, (i: number) => `${'a'.repeat(30)}${i}`, allAlike],
  ])(
    'takes %s out of %i KiB within %i ms each',
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
