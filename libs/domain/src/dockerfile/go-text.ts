/** Tests for white space as Go's `unicode.IsSpace` does, which differs from `\s` for U+0085 and U+FEFF. */
export function isGoSpace(character: string): boolean {
  return character === '\u0085' || (character !== '\uFEFF' && /^\s$/.test(character));
}

export function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && isGoSpace(text.charAt(start))) start += 1;
  return text.slice(start);
}

export function trim(text: string): string {
  let end = text.length;
  while (end > 0 && isGoSpace(text.charAt(end - 1))) end -= 1;
  return trimStart(text.slice(0, end));
}

/** Thrown for a Dockerfile that takes too long to read, which only a hostile one does. */
export class TooComplexError extends Error {}

/** Bounds the work on one Dockerfile: variables can grow exponentially, and patterns can match slowly. */
export class WorkBudget {
  private spent = 0;

  constructor(private readonly limit: number) {}

  /** @throws {TooComplexError} */
  spend(steps: number): void {
    this.spent += steps + 1;
    if (this.spent > this.limit) throw new TooComplexError();
  }
}
