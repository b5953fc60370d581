/** A variable in a Dockerfile, whose value may be anything; of bounded length, since longer ones would take quadratic time. */
const VARIABLE = /\$(?:\{[^}$\n]{0,200}\}|\w+)/g;
const WILDCARDS = '*?[]\\';
/** The end of a line that the next one continues. */
const CONTINUATION = /\\[ \t\r]*\n\s*/g;
const COPIES = /^\s*(?:COPY|ADD)\s/i;

/**
 * Returns whether a Dockerfile may name a file of its context or a folder that contains it, beyond `COPY . .` and the
 * like: by its name, or by a pattern or variable that its name may match. In doubt it does.
 *
 * @param path path of the file in the context; each part counts by itself, since `WORKDIR` changes what is before it
 */
export function namesFile(dockerfile: string, path: string): boolean {
  const folders = path.split('/').filter((part) => part !== '' && part !== '.');
  const name = folders.pop() ?? '';
  const lines = dockerfile.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  if (lines.some((line) => line.includes(name) || wordsOf(line).some((word) => mayMean(word, [name])))) {
    return true;
  }
  if (folders.length === 0) return false;
  const instructions = lines.join('\n').replaceAll(CONTINUATION, ' ').split('\n');
  return instructions.some((line) => sourcesOf(line).some((word) => mayMean(withoutContent(word), folders)));
}

/** Returns whether the exceptions of a `.dockerignore` name a file, such as `!nexos.yaml`. */
export function keepsFile(dockerignore: string, path: string): boolean {
  const lines = dockerignore.split('\n').filter((line) => line.startsWith('!'));
  const name = path.slice(path.lastIndexOf('/') + 1);
  return namesFile(lines.map((line) => line.slice(1)).join('\n'), name);
}

/** Splits at everything that may surround a path in an instruction. */
function wordsOf(line: string): string[] {
  return line.replaceAll(VARIABLE, '*').split(/[\s"',=;&|()<>:]+/);
}

/** Returns the words of an instruction without the destination of a copy. */
function sourcesOf(instruction: string): string[] {
  const words = wordsOf(instruction).filter((word) => !['', '[', ']'].includes(word));
  return COPIES.test(instruction) ? words.slice(0, -1) : words;
}

/** Returns `a/b` for `a/b/`, `a/b/.` and `a/b/*`. */
function withoutContent(word: string): string {
  const parts = word.split('/');
  while (/^(?:\.|\**)$/.test(parts.at(-1) ?? '-')) parts.pop();
  return parts.join('/');
}

/**
 * Returns whether a word ends with one of the names, or with a pattern that one may match. A pattern without a literal
 * part, such as `*`, stands for the whole folder.
 */
function mayMean(word: string, names: readonly string[]): boolean {
  const last = word.slice(word.lastIndexOf('/') + 1);
  if (names.includes(last)) return true;
  const characters = Array.from(last);
  const isWildcard = (character: string) => WILDCARDS.includes(character);
  const first = characters.findIndex(isWildcard);
  if (first === -1) return false;
  const start = characters.slice(0, first).join('');
  const end = characters.slice(characters.findLastIndex(isWildcard) + 1).join('');
  return start + end !== '' && names.some((name) => name.startsWith(start) && name.endsWith(end));
}
