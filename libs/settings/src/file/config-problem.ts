/** The file's name, at the root of the repository. */
export const CONFIG_FILE = 'nexos.yaml';
/** Nobody reads more at once. */
export const MAX_PROBLEMS = 20;
const LONGEST_NAME = 64;

/** One thing that is wrong with the file. */
export interface ConfigProblem {
  /** From 1 on; null when the file as a whole is meant. */
  readonly line: number | null;
  /** Such as `app.port`; empty when no field is meant. */
  readonly path: string;
  /** The end of a sentence that begins with the field, without a full stop. */
  readonly message: string;
}

/** The file cannot be used; it says everything that is wrong, up to a limit, and no value that the file holds. */
export class RepositoryConfigError extends Error {
  /** At least one, each a sentence. */
  readonly sentences: readonly string[];

  constructor(readonly problems: readonly ConfigProblem[]) {
    const sentences = problems.map(sentenceOf);
    super(sentences.join(' '));
    this.name = 'RepositoryConfigError';
    this.sentences = sentences;
  }
}

/** `nexos.yaml line 4, app.port: must be a whole number from 1 to 65535.` */
function sentenceOf({ line, path, message }: ConfigProblem): string {
  const where = [line === null ? CONFIG_FILE : `${CONFIG_FILE} line ${line}`, path];
  return `${where.filter((part) => part !== '').join(', ')}: ${message}.`;
}

/** A field's name as it can be shown: names come from the file. */
export function shownName(name: string): string {
  if (/^[\w-]+$/.test(name) && name.length <= LONGEST_NAME) return name;
  return JSON.stringify(name.slice(0, LONGEST_NAME));
}
