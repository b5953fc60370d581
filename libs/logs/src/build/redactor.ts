import { stripVTControlCharacters } from 'node:util';
import { isCommonWord } from './common-words.js';
import { decodedViews } from './decoded-view.js';
import { SHORTEST_SECRET, SecretIndex } from './secret-index.js';

const MASK = '[redacted]';

type Span = [from: number, to: number];
/** The mark of a truncated text. */
const CUT = /\s?…/g;

/**
 * Masks known secret values in log text. It searches for a multi-line secret line by line, since logs consist of
 * lines, and for every secret also in its most common forms: base64 (also of a shell's `echo`), percent-encoded, as a
 * JSON string, and quoted for a shell. It ignores secrets shorter than six characters and common words such as
 * `production`, which would mask every other word.
 *
 * It scans the text once, regardless of the number of secrets, and once more for each kind of quoting that it contains.
 * It masks all characters of overlapping secrets, and the
 * remaining part of a secret that the text was truncated in.
 */
export class Redactor {
  private readonly forms = new Set<string>();
  private index = new SecretIndex([]);

  constructor(secrets: readonly string[]) {
    this.add(secrets);
  }

  /** Masks these secrets too, from now on. */
  add(secrets: readonly string[]): void {
    const isWorthMasking = (text: string) => text.length >= SHORTEST_SECRET && !isCommonWord(text);
    const forms = secrets.filter((secret) => !isCommonWord(secret)).flatMap(formsOf);
    const added = forms.filter((form) => isWorthMasking(form) && !this.forms.has(form));
    if (added.length === 0) return;
    for (const form of added) this.forms.add(form);
    this.index = new SecretIndex([...this.forms]);
  }

  redact(text: string): string {
    if (this.index.isEmpty) return text;
    const spans = this.spansIn(text);
    for (const view of decodedViews(text)) {
      for (const [from, to] of this.spansIn(view.text)) {
        spans.push([view.places[from] ?? 0, view.places[to] ?? text.length]);
      }
    }
    return masked(text, spans);
  }

  /** Returns where secrets begin and end. */
  private spansIn(text: string): Span[] {
    const spans: Span[] = [];
    const cuts = Array.from(text.matchAll(CUT), (cut) => cut.index);
    let maskedUntil = 0;
    for (let at = 0; at + SHORTEST_SECRET <= text.length; at++) {
      while ((cuts[0] ?? Infinity) < at + SHORTEST_SECRET) cuts.shift();
      const cutAt = cuts[0] ?? Infinity;
      const end = this.index.endAt(text, at, cutAt, maskedUntil);
      if (end === null) continue;
      spans.push([at, end]);
      maskedUntil = Math.max(maskedUntil, end);
    }
    return spans;
  }
}

/** Replaces the spans, and what overlaps, by a mask each. */
function masked(text: string, spans: Span[]): string {
  let clean = '';
  let maskedUntil = 0;
  for (const [from, to] of spans.sort(([one], [other]) => one - other)) {
    if (from >= maskedUntil) clean += text.slice(maskedUntil, from) + MASK;
    maskedUntil = Math.max(maskedUntil, to);
  }
  return clean + text.slice(maskedUntil);
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
    secret.replaceAll(' ', '+'),
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
