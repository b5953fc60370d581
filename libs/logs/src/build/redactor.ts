import { stripVTControlCharacters } from 'node:util';
import { SHORTEST_SECRET, SecretIndex } from './secret-index.js';

const MASK = '[redacted]';
/** What stands where a text was cut. */
const CUT = /\s?…/g;

/**
 * Takes known secret values out of log text. A secret of several lines is looked for line by line, since a log
 * is; and every secret also in the forms it is most often printed in: base64 (of a shell's `echo` too),
 * percent-encoded, and as a JSON string. What is shorter than six characters is left alone, or every other word
 * would be masked.
 *
 * The text is walked through once however many secrets there are. Where secrets overlap, all of their characters are
 * masked; of one that runs into a place where the text was cut, what is left of it.
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

/** A log shows no terminal escapes and no control characters. */
function printed(line: string): string {
  return stripVTControlCharacters(line).replace(/(?!\t)\p{Cc}/gu, '');
}

/**
 * What base64 makes of a secret depends on how many bytes come before it, modulo three. Of each of the three forms
 * only the characters are kept that the bytes around the secret have no part in.
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
