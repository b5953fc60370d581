import type { WorkBudget } from './go-text.js';

type Token = string | { readonly any: 'one' | 'many' };

/** Removes the shortest or longest match of a shell pattern from the start of a text; null for an invalid pattern. */
export function trimPrefix(
  pattern: string,
  text: string,
  isGreedy: boolean,
  budget: WorkBudget,
): string | null {
  const tokens = tokensOf(pattern);
  if (tokens === null) return null;
  const characters = Array.from(text);
  const end = matchAt(tokens, characters, 0, isGreedy, budget);
  return end === null ? text : characters.slice(end).join('');
}

/** Removes the shortest or longest match of a shell pattern from the end of a text; null for an invalid pattern. */
export function trimSuffix(
  pattern: string,
  text: string,
  isGreedy: boolean,
  budget: WorkBudget,
): string | null {
  const tokens = tokensOf(pattern)?.reverse();
  if (tokens === undefined) return null;
  const characters = Array.from(text).reverse();
  const end = matchAt(tokens, characters, 0, isGreedy, budget);
  return end === null ? text : characters.slice(end).reverse().join('');
}

/** Replaces the first match of a shell pattern, or all of them; null for an invalid pattern. */
export function replaceMatches(
  pattern: string,
  text: string,
  { replacement, all }: { replacement: string; all: boolean },
  budget: WorkBudget,
): string | null {
  const tokens = tokensOf(pattern);
  if (tokens === null) return null;
  const characters = Array.from(text);
  let result = '';
  let position = 0;
  let previousEnd = -1;
  while (position <= characters.length) {
    const end = matchAt(tokens, characters, position, true, budget);
    // Like Go, no empty match right after another match.
    const isMatch = end !== null && !(end === position && position === previousEnd);
    if (isMatch) {
      const found = characters.slice(position, end).join('');
      result += all ? expandTemplate(replacement, found) : replacement;
      budget.spend(result.length / 64);
      if (!all) return result + characters.slice(end).join('');
      previousEnd = end;
    }
    if (isMatch && end > position) {
      position = end;
    } else {
      result += characters[position] ?? '';
      position += 1;
    }
  }
  return result;
}

/** Returns the end of the shortest or longest match that begins at `start`; null without a match. */
function matchAt(
  tokens: readonly Token[],
  text: readonly string[],
  start: number,
  isGreedy: boolean,
  budget: WorkBudget,
): number | null {
  const length = text.length - start;
  /** Where a match of the tokens so far can end, relative to the start. */
  let ends = new Uint8Array(length + 1);
  ends[0] = 1;
  for (const token of tokens) {
    budget.spend(length);
    const next = new Uint8Array(length + 1);
    for (let end = 0; end <= length; end += 1) {
      if (ends[end] !== 1) continue;
      const character = text[start + end];
      if (typeof token !== 'string' && token.any === 'many') {
        next[end] = 1;
        // A wildcard goes on from where it ended.
        if (isAny(character)) ends[end + 1] = 1;
      } else if (typeof token === 'string' ? character === token : isAny(character)) {
        next[end + 1] = 1;
      }
    }
    ends = next;
  }
  const end = isGreedy ? ends.lastIndexOf(1) : ends.indexOf(1);
  return end < 0 ? null : start + end;
}

/** A wildcard does not match a line feed. */
function isAny(character: string | undefined): boolean {
  return character !== undefined && character !== '\n';
}

function tokensOf(pattern: string): Token[] | null {
  const tokens: Token[] = [];
  const characters = Array.from(pattern);
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] ?? '';
    if (character === '*') tokens.push({ any: 'many' });
    else if (character === '?') tokens.push({ any: 'one' });
    else if (character !== '\\') tokens.push(character);
    else {
      const escaped = characters[index + 1];
      // `\}` and `\/` are escaped for the substitution around the pattern.
      if (escaped === '}' || escaped === '/') continue;
      if (escaped !== '*' && escaped !== '?' && escaped !== '\\') return null;
      tokens.push(escaped);
      index += 1;
    }
  }
  return tokens;
}

/** Expands `$0`, `${0}`, `$name` and `$$` as Go's `Regexp.Expand` does for a pattern without groups. */
function expandTemplate(template: string, found: string): string {
  return template.replace(
    /\$(?:(\$)|(\w+)|\{(\w+)\})/g,
    (_, dollar?: string, name?: string, braced?: string) =>
      dollar === undefined ? (Number(name ?? braced) === 0 ? found : '') : '$',
  );
}
