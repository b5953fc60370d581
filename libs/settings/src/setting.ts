/** What people read about a setting, or a section of them. */
export interface Words {
  readonly title: string;
  /** Sentences. */
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
  /** Characters. */
  readonly longest: number;
  /** The meaning of the pattern, as the end of a sentence that begins with the setting. */
  readonly rule: string;
}

/** Given as true or false, and stored with options. */
interface ServiceRules {
  readonly kind: 'service';
}

/** Values by names of the user's. */
interface VariablesRules {
  readonly kind: 'variables';
  readonly names: RegExp;
  /** Why it cannot be a name, as the end of a sentence; null for those that fit `names`. */
  readonly nameProblem: (name: string) => string | null;
  readonly atMost: number;
}

/** A text for a shell, or a list of arguments. */
interface CommandRules {
  readonly kind: 'command';
}

/** A list of globs of branches. */
interface GlobsRules {
  readonly kind: 'globs';
  readonly atMost: number;
}

type ApiRules = NumberRules | BooleanRules | TextRules | ServiceRules;
type FileRules = ApiRules | VariablesRules | CommandRules;
type Described = Words & { readonly default: unknown };

/** A setting that `nexos.yaml` may have. Each deployment keeps a copy of it. */
export type FileSetting = Described &
  ((ApiRules & { readonly project?: true }) | (FileRules & { readonly project?: never })) & {
    readonly file: string;
  };

/** A setting of projects. Each deployment keeps a copy of those without a column. */
export type ProjectSetting = Described & { readonly project: true } & (
    | (ApiRules & { readonly file?: string })
    | ((ApiRules | GlobsRules) & {
        readonly file?: never;
        /** The property of the project's row, for what SQL filters projects by, or what is read with each push. */
        readonly column: string;
        /** Whether null may be given for it. */
        readonly nullable?: true;
      })
  );

/**
 * One setting. Its key in the table is its name in the API and where it is stored, `file` is its name in `nexos.yaml`;
 * a dot stands between the name of a section and that of a setting in it.
 */
export type Setting = FileSetting | ProjectSetting;

/** A service that is on, with its options; none has an option yet. */
export type ServiceOptions = Readonly<Record<string, never>>;
export type ServiceSetting = ServiceOptions | false;

/** Values as people give them. */
export interface GivenValues {
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

/** Values as they are stored. */
export interface StoredValues extends Omit<GivenValues, 'service'> {
  service: ServiceSetting;
}

/** What is stored for a value that was given. Rows of versions before hold `true` for a service that is on. */
export function storedValue({ kind }: Setting, value: unknown): unknown {
  return kind === 'service' && value === true ? {} : value;
}

/** The value that people read for one that is stored. */
export function givenValue({ kind }: Setting, value: unknown): unknown {
  return kind === 'service' ? value !== false : value;
}
