/** The documentation of a setting or a section. */
export interface Documentation {
  readonly title: string;
  /** Full sentences. */
  readonly description: string;
  readonly examples?: readonly unknown[];
}

interface NumberRules {
  readonly kind: 'integer' | 'number';
  readonly least: number;
  readonly most: number;
}

interface BooleanRules {
  readonly kind: 'boolean';
}

interface TextRules {
  readonly kind: 'text';
  readonly pattern: RegExp;
  /** In characters. */
  readonly longest: number;
  /** Explains the pattern; completes a sentence that begins with the setting. */
  readonly rule: string;
}

/** Given as true or false, stored as options or false. */
interface ServiceRules {
  readonly kind: 'service';
}

/** Values by user-defined names. */
interface VariablesRules {
  readonly kind: 'variables';
  readonly names: RegExp;
  /** Returns why a text is not a valid name, as the end of a sentence; null if it matches `names`. */
  readonly nameProblem: (name: string) => string | null;
  readonly atMost: number;
}

/** A string for a shell, or a list of arguments. */
interface CommandRules {
  readonly kind: 'command';
}

/** A list of branch globs. */
interface GlobsRules {
  readonly kind: 'globs';
  readonly atMost: number;
}

type ApiRules = NumberRules | BooleanRules | TextRules | ServiceRules;
type FileRules = ApiRules | VariablesRules | CommandRules;
type Described = Documentation & { readonly default: unknown };

/** A setting that `nexos.yaml` can have. Each deployment keeps a copy of it. */
export type FileSetting = Described &
  ((ApiRules & { readonly project?: true }) | (FileRules & { readonly project?: never })) & {
    readonly file: string;
  };

/** A setting that a project can have. Each deployment keeps a copy of those without a column. */
export type ProjectSetting = Described & { readonly project: true } & (
    | (ApiRules & { readonly file?: string })
    | ((ApiRules | GlobsRules) & {
        readonly file?: never;
        /** Property of the project's row, for settings that SQL filters by or that each push reads. */
        readonly column: string;
        /** Whether null is a valid value. */
        readonly nullable?: true;
      })
  );

/**
 * One setting. Its key in the table is its name in the API and in storage; `file` is its name in `nexos.yaml`. A dot
 * separates the name of a section from the name of a setting in it.
 */
export type Setting = FileSetting | ProjectSetting;

/** The options of an enabled service; services have no options so far. */
export type ServiceOptions = Readonly<Record<string, never>>;
export type ServiceSetting = ServiceOptions | false;

/** Values in the form that users send and receive. */
export interface UserValues {
  integer: number;
  number: number;
  boolean: boolean;
  text: string;
  service: boolean;
  variables: Readonly<Record<string, string>>;
  /** Arguments. */
  command: readonly string[];
  globs: string[];
}

/** Values in the form that the database stores. */
export interface StoredValues extends Omit<UserValues, 'service'> {
  service: ServiceSetting;
}

/** Converts a user value to its stored form. Rows of earlier versions hold `true` for an enabled service. */
export function storedValue({ kind }: Setting, value: unknown): unknown {
  return kind === 'service' && value === true ? {} : value;
}

/** Converts a stored value to the form that users see. */
export function userValue({ kind }: Setting, value: unknown): unknown {
  return kind === 'service' ? value !== false : value;
}
