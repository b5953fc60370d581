/** The file's usual name; a project may have its file elsewhere (`config_path`). */
export const CONFIG_FILE = 'nexos.yaml';
/** Problems reported of one file; more would not be read. */
export const MAX_PROBLEMS = 20;
const MAX_NAME_LENGTH = 64;

/** One problem in the file. */
export interface ConfigProblem {
  /** Starts at 1; null for the file as a whole. */
  readonly line: number | null;
  /** For example `app.port`; empty for a problem that concerns no field. */
  readonly path: string;
  /** Completes a sentence that begins with the field; no full stop. */
  readonly message: string;
  /** Where it was found, if not in the file; without a line. */
  readonly source?: string;
}

/** The file cannot be used. Lists all problems, up to a limit, and never quotes a value from the file. */
export class RepositoryConfigError extends Error {
  /** At least one. */
  readonly sentences: readonly string[];

  /** @param file the path of the file, as messages show it */
  constructor(
    readonly problems: readonly ConfigProblem[],
    file: string = CONFIG_FILE,
  ) {
    const sentences = problems.map((problem) => sentenceOf(problem, file));
    super(sentences.join(' '));
    this.name = 'RepositoryConfigError';
    this.sentences = sentences;
  }
}

/** `nexos.yaml line 4, app.port: must be a whole number from 1 to 65535.` */
function sentenceOf({ line, path, message, source }: ConfigProblem, file: string): string {
  const where = [line === null ? (source ?? file) : `${file} line ${line}`, path];
  return `${where.filter((part) => part !== '').join(', ')}: ${message}.`;
}

/** Returns a field's name in a form that is safe to show: names come from the file. */
export function displayName(name: string): string {
  if (/^[\w-]+$/.test(name) && name.length <= MAX_NAME_LENGTH) return name;
  return JSON.stringify(name.slice(0, MAX_NAME_LENGTH));
}
