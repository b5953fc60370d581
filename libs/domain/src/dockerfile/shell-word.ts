import { isGoSpace, TooComplexError, type WorkBudget } from './go-text.js';
import { replaceMatches, trimPrefix, trimSuffix } from './shell-pattern.js';

/** Marks, in an expanded word, a place where a variable is inserted whose value only the base image knows. */
export const UNKNOWN = '\uE000';
/** More than any word of a real Dockerfile. */
const MAX_LENGTH = 65_536;
const SPECIAL_PARAMETERS = '@*#?-$!0';

export interface Variable {
  /** Undefined when it is not set. */
  readonly value: string | undefined;
  /** True when the base image may have set it, or set it differently. */
  readonly isUnknown: boolean;
}

export interface LexOptions {
  readonly escape: string;
  readonly lookup: (name: string) => Variable;
  readonly budget: WorkBudget;
  readonly rawQuotes?: boolean;
  readonly rawEscapes?: boolean;
  /** Leaves variables that are not set as they are. */
  readonly skipUnset?: boolean;
}

/** Thrown for a word that BuildKit rejects too. */
export class WordError extends Error {}

/**
 * Expands variables and removes quotes and escapes as BuildKit does.
 *
 * @throws {WordError} when BuildKit would reject the word
 * @throws {TooComplexError} when the result exceeds 64 KiB
 * @see https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go
 */
export function expandWord(word: string, options: LexOptions): string {
  return new Lexer(word, options).process().text;
}

/** Like `expandWord`, and splits the result at white space outside quotes. */
export function expandWords(line: string, options: LexOptions): string[] {
  return new Lexer(line, options).process().words;
}

class Lexer {
  private readonly input: string[];
  private position = 0;
  private rawEscapes: boolean;
  /** The unfinished word. A nested substitution discards what it contains, as BuildKit's does. */
  private word = '';
  private inWord = false;
  private words: string[] = [];

  constructor(
    source: string,
    private readonly options: LexOptions,
  ) {
    // Go's text/scanner ignores a byte order mark at the start.
    this.input = Array.from(source.replace(/^\uFEFF/, ''));
    this.rawEscapes = options.rawEscapes ?? false;
    options.budget.spend(source.length);
  }

  process(): { text: string; words: string[] } {
    const text = this.until(undefined, this.rawEscapes);
    assertLength(text);
    this.endWord();
    return { text, words: this.words };
  }

  private until(stop: string | undefined, rawEscapes: boolean): string {
    const outer = { rawEscapes: this.rawEscapes, words: this.words, inWord: this.inWord };
    this.rawEscapes = rawEscapes;
    this.word = '';
    this.words = [];
    this.inWord = false;
    let result = '';
    for (let next = this.peek(); next !== undefined; next = this.peek()) {
      assertLength(result);
      if (stop !== undefined && next === stop) {
        this.next();
        this.word = '';
        Object.assign(this, outer);
        return result;
      }
      result += this.element(next);
    }
    if (stop !== undefined) throw new WordError('unexpected end');
    return result;
  }

  private element(next: string): string {
    if (next === '$') {
      const value = this.dollar();
      for (const character of value) this.addCharacter(character);
      return value;
    }
    if (next === "'" || next === '"' || next === '<') {
      const text = next === "'" ? this.singleQuoted() : next === '"' ? this.doubleQuoted() : this.angle();
      this.addRaw(text);
      return text;
    }
    this.next();
    if (next !== this.options.escape) {
      this.addCharacter(next);
      return next;
    }
    let text = '';
    if (this.rawEscapes) text += next;
    text += this.next() ?? '';
    this.addRaw(text);
    return text;
  }

  private singleQuoted(): string {
    let result = this.quote(this.next());
    for (;;) {
      const next = this.next();
      if (next === undefined) throw new WordError('missing single quote');
      if (next === "'") return result + this.quote(next);
      result += next;
    }
  }

  private doubleQuoted(): string {
    let result = this.quote(this.next());
    for (;;) {
      const next = this.peek();
      if (next === undefined) throw new WordError('missing double quote');
      if (next === '$') {
        result += this.dollar();
        assertLength(result);
        continue;
      }
      this.next();
      if (next === '"') return result + this.quote(next);
      if (next !== this.options.escape) {
        result += next;
        continue;
      }
      if (this.rawEscapes) result += next;
      const escaped = this.peek();
      if (escaped === undefined) continue;
      const isEscaped = escaped === '"' || escaped === '$' || escaped === this.options.escape;
      result += isEscaped ? (this.next() ?? '') : next;
    }
  }

  private quote(quote: string | undefined): string {
    return this.options.rawQuotes === true ? (quote ?? '') : '';
  }

  /** Reads `<`, or `<<` with the white space before the name of a here-document. */
  private angle(): string {
    this.next();
    if (this.peek() !== '<') return '<';
    this.next();
    let space = '';
    while (['\t', '\r', ' '].includes(this.peek() ?? '')) space += this.next() ?? '';
    return `<<${space}`;
  }

  private dollar(): string {
    this.next();
    if (this.peek() !== '{') {
      const name = this.name();
      if (name === '') return '$';
      return this.plain(name, `$${name}`);
    }
    this.next();
    const first = this.peek();
    if (first === undefined || '{}:'.includes(first)) throw new WordError('bad substitution');
    const name = this.name();
    let operator = this.next();
    if (operator === '}') return this.plain(name, `\${${name}}`);
    const isNullUnset = operator === ':';
    if (isNullUnset) operator = this.next();
    if (operator === undefined) throw new WordError('missing brace');
    if (operator === '/' && !isNullUnset) return this.replaced(name);
    if (!'+-?#%'.includes(operator) || (isNullUnset && '#%'.includes(operator))) {
      throw new WordError('unsupported modifier');
    }
    const word = this.until('}', '#%'.includes(operator));
    const { value, isUnknown } = this.options.lookup(name);
    if (this.options.skipUnset === true && value === undefined) {
      return `\${${name}${isNullUnset ? ':' : ''}${operator}${word}}`;
    }
    const known = value?.replaceAll(UNKNOWN, '');
    const result = this.modified(operator, word, isNullUnset && known === '' ? undefined : known, isUnknown);
    return isUnknown ? UNKNOWN + result : result;
  }

  private plain(name: string, source: string): string {
    const { value, isUnknown } = this.options.lookup(name);
    if (value === undefined && this.options.skipUnset === true) return source;
    this.options.budget.spend(value?.length ?? 0);
    return isUnknown ? UNKNOWN + (value ?? '') : (value ?? '');
  }

  private modified(operator: string, word: string, value: string | undefined, isUnknown: boolean): string {
    if (operator === '-') return value ?? word;
    if (operator === '+') return value === undefined ? '' : word;
    if (operator === '?') {
      if (value === undefined && !isUnknown) throw new WordError('not set');
      return value ?? '';
    }
    const isGreedy = word.startsWith(operator);
    const trimAffix = operator === '#' ? trimPrefix : trimSuffix;
    return valid(trimAffix(isGreedy ? word.slice(1) : word, value ?? '', isGreedy, this.options.budget));
  }

  private replaced(name: string): string {
    const all = this.peek() === '/';
    if (all) this.next();
    const pattern = this.until('/', true);
    const replacement = this.until('}', true);
    const { value, isUnknown } = this.options.lookup(name);
    if (this.options.skipUnset === true && value === undefined)
      return `\${${name}/${pattern}/${replacement}}`;
    const known = (value ?? '').replaceAll(UNKNOWN, '');
    const result = valid(replaceMatches(pattern, known, { replacement, all }, this.options.budget));
    return isUnknown ? UNKNOWN + result : result;
  }

  private name(): string {
    let name = '';
    for (let next = this.peek(); next !== undefined; next = this.peek()) {
      if (name === '' && /^\p{Nd}$/u.test(next)) {
        while (/^\p{Nd}$/u.test(this.peek() ?? '')) name += this.next() ?? '';
        return name;
      }
      if (name === '' && SPECIAL_PARAMETERS.includes(next)) return this.next() ?? '';
      if (!/^[\p{L}\p{Nd}_]$/u.test(next)) break;
      name += this.next() ?? '';
    }
    return name;
  }

  private addCharacter(character: string): void {
    if (!isGoSpace(character)) this.addRaw(character);
    else if (this.inWord) this.endWord();
  }

  private addRaw(text: string): void {
    this.word += text;
    this.inWord = true;
  }

  private endWord(): void {
    if (this.word === '') return;
    this.words.push(this.word);
    this.word = '';
    this.inWord = false;
  }

  private peek(): string | undefined {
    return this.input[this.position];
  }

  private next(): string | undefined {
    return this.input[this.position++];
  }
}

function valid(result: string | null): string {
  if (result === null) throw new WordError('invalid pattern');
  return result;
}

function assertLength(text: string): void {
  if (text.length > MAX_LENGTH) throw new TooComplexError();
}
