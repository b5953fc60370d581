const SHORTEST = 6;
const MASK = '[redacted]';

/**
 * Takes known secret values out of log text. A secret of several lines is looked for line by line, since a log
 * is; and every secret also in the forms it is most often printed in: base64
 * (of a shell's `echo` too), percent-encoded, and as a JSON string. What is
 * shorter than six characters is left alone, or every other word would be masked.
 */
export class Redactor {
  private readonly pattern: RegExp | null;

  constructor(secrets: readonly string[]) {
    const needles = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= SHORTEST));
    const longestFirst = [...needles].sort((a, b) => b.length - a.length);
    this.pattern = longestFirst.length === 0 ? null : new RegExp(longestFirst.map(escape).join('|'), 'g');
  }

  redact(text: string): string {
    return this.pattern === null ? text : text.replace(this.pattern, MASK);
  }
}

function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const asJson = JSON.stringify(secret).slice(1, -1);
  return [secret, ...lines, asJson, encodeURIComponent(secret), ...base64Forms(secret)];
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

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
