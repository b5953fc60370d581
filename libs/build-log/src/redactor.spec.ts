import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';

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
});
