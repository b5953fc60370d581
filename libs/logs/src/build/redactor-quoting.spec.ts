import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from './redactor.js';

const SECRET = `it's "a" $ecret\\\`!\té`;

describe('Redactor', () => {
  it.each([
    ['sh, in single quotes', `'it'\\''s "a" $ecret\\\`!\té'`],
    ['Python', `'it'"'"'s "a" $ecret\\\`!\té'`],
    ['sh, in double quotes', `"it's \\"a\\" \\$ecret\\\\\\\`!\té"`],
    ["bash, as $'…'", `$'it\\'s "a" $ecret\\\\\`!\\té'`],
    ["bash, as $'…' without a locale", `$'it\\'s "a" $ecret\\\\\`!\\t\\303\\251'`],
    ['bash, with backslashes', `it\\'s\\ \\"a\\"\\ \\$ecret\\\\\\\`\\!\\\té`],
    ['zsh, with hexadecimal bytes', `$'it\\x27s "a" $ecret\\\\\`!\\t\\xc3\\xa9'`],
    ['JSON', JSON.stringify(SECRET)],
    ['JSON in ASCII', JSON.stringify(SECRET).replace('é', '\\u00E9').replaceAll("'", '\\u0027')],
    ['a URL', encodeURIComponent(SECRET)],
    ['a URL, in lower case', encodeURIComponent(SECRET).replaceAll("'", '%27').toLowerCase()],
    ['a form', encodeURIComponent(SECRET).replaceAll('%20', '+').replaceAll('!', '%21')],
  ])('masks a secret that is quoted for %s', (_, text) => {
    const redacted = new Redactor([SECRET]).redact(`+ echo ${text} done`);
    expect(redacted).toMatch(/^\+ echo \$?["']?\[redacted\]["']? done$/);
  });

  it('masks whatever a shell would undo the quoting of, and nothing around it', () => {
    const unit = fc.constantFrom(...Array.from(`ab1 '"$\\\`!*(é🚀`));
    const secret = fc.string({ minLength: 6, maxLength: 20, unit }).map((text) => `S${text}E`);
    const quotings = [
      (value: string) => `'${value.replaceAll("'", `'\\''`)}'`,
      (value: string) => `"${value.replace(/["$`\\]/g, '\\$&')}"`,
      (value: string) => value.replace(/[^A-Za-z0-9]/gu, '\\$&'),
    ];
    fc.assert(
      fc.property(secret, fc.constantFrom(...quotings), (value, quote) => {
        expect(new Redactor([value]).redact(`<${quote(value)}>`)).toMatch(/^<["']?\[redacted\]["']?>$/);
      }),
    );
  });

  it.each([
    ['postgres', 'services: postgres'],
    ['production', 'NODE_ENV=production'],
    ['Production', 'Production'],
    ['DEVELOPMENT', 'development DEVELOPMENT'],
    [' default ', 'a default b'],
    ['us-east-1', 'region us-east-1'],
    ['localhost:3000', 'at localhost:3000'],
    ['true', 'true'],
    ['8080', 'port 8080'],
    ['token\nproduction\n', 'production'],
  ])('does not mask the common value %j', (value, text) => {
    expect(new Redactor([value]).redact(text)).toBe(text);
  });

  it('masks what contains a common word', () => {
    expect(new Redactor(['production-key']).redact('the production-key')).toBe('the [redacted]');
  });

  it('masks secrets that it learns later', () => {
    const redactor = new Redactor(['first-secret']);
    redactor.add(['later-secret', 'first-secret', 'postgres']);
    expect(redactor.redact('first-secret later-secret postgres')).toBe('[redacted] [redacted] postgres');
  });

  it('takes little time for a text full of escapes', () => {
    const redactor = new Redactor(Array.from({ length: 500 }, (_, i) => `secret-number-${i}`));
    const text = `\\'%41\\303\\u0041`.repeat(20_000);
    const started = performance.now();
    redactor.redact(text);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
