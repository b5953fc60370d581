import { stripVTControlCharacters } from 'node:util';
import { SHORTEST_SECRET, SecretIndex } from './secret-index.js';

const MASK = '[redacted]';
/** The mark of a truncated text. */
const CUT = /\s?…/g;

/**
 * Masks known secret values in log text. It searches for a multi-line secret line by line, since logs consist of
 * lines, and for every secret also in its most common forms: base64 (also of a shell's `echo`), percent-encoded, and
 * as a JSON string. It ignores secrets shorter than six characters, which would mask every other word.
 *
 * It scans the text once, regardless of the number of secrets. It masks all characters of overlapping secrets, and the
 * remaining part of a secret that the text was truncated in.
 */
export class Redactor {
  private readonly index: SecretIndex;

  constructor(secrets: readonly string[]) {
    const forms = secrets.flatMap(formsOf).filter((form) => form.length >= SHORTEST_SECRET);
    this.index = new SecretIndex([...new Set(forms)]);
  }

  redact(text: string): string {
    if (this.index.isEmpty) return text;
    const cuts = Array.from(text.matchAll(CUT), (cut) => cut.index);
    let clean = '';
    let maskedUntil = 0;
    for (let at = 0; at + SHORTEST_SECRET <= text.length; at++) {
      while ((cuts[0] ?? Infinity) < at + SHORTEST_SECRET) cuts.shift();
      const cutAt = cuts[0] ?? Infinity;
      const end = this.index.endAt(text, at, cutAt, maskedUntil);
      if (end === null) continue;
      if (at >= maskedUntil) clean += text.slice(maskedUntil, at) + MASK;
      maskedUntil = Math.max(maskedUntil, end);
    }
    return clean + text.slice(maskedUntil);
  }
}

function formsOf(secret: string): string[] {
  const lines = secret
    .split(/\r\n|\r|\n/)
    .flatMap((line) => [line, printed(line), line.replace(/\s+/g, ' ')]);
  const asJson = JSON.stringify(secret).slice(1, -1);
  const whole = [
    secret,
    secret.trim(),
    asJson,
    encodeURIComponent(Buffer.from(secret).toString()),
    ...base64Forms(secret),
  ];
  return [...whole, ...lines.map((line) => line.trim())];
}

/** Strips terminal escapes and control characters, as logs do. */
function printed(line: string): string {
  return stripVTControlCharacters(line).replace(/(?!\t)\p{Cc}/gu, '');
}

/**
 * Returns the base64 forms of a secret, which depend on the number of bytes before it modulo three. Each form keeps
 * only the characters that the surrounding bytes do not affect.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const isCut = (before + bytes.length) % 3 !== 0;
    const stable = text.slice([0, 2, 3][before], isCut ? -1 : undefined);
    return [stable, stable.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
