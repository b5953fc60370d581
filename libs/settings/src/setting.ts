import {
  type GivenContainer,
  storedContainer,
  type StoredContainer,
  userContainer,
  type UserContainer,
} from './containers/container-values.js';
import { storedCommand, storedVariables, userCommand } from './stored-values.js';

/** The documentation of a setting or a section. */
export interface Documentation {
  readonly title: string;
  /** Full sentences. */
  readonly description: string;
  readonly examples?: readonly unknown[];
}

export interface NumberRules {
  readonly kind: 'integer' | 'number';
  readonly least: number;
  readonly most: number;
  /** Of memory or storage; values are written without it. */
  readonly unit?: 'MiB';
}

export interface BooleanRules {
  readonly kind: 'boolean';
}

export interface TextRules {
  readonly kind: 'text';
  readonly pattern: RegExp;
  /** All values that it matches, if they can be listed. */
  readonly choices?: readonly string[];
  /** In characters. */
  readonly longest: number;
  /** Explains the pattern; completes a sentence that begins with the setting. */
  readonly rule: string;
  /** What the audit log shows of it. A text that can hold a secret must not be shown whole. */
  readonly audited: 'whole' | 'without-query';
}

/** True, false or options. */
export interface ServiceRules {
  readonly kind: 'service';
}

/** Values by user-defined names. */
export interface VariablesRules {
  readonly kind: 'variables';
  readonly names: RegExp;
  /** Returns why a text is not a valid name, as the end of a sentence; null if it matches `names`. */
  readonly nameProblem: (name: unknown) => string | null;
  readonly atMost: number;
}

/** A string for a shell, or a list of arguments. */
export interface CommandRules {
  readonly kind: 'command';
}

/** A list of branch globs. */
export interface GlobsRules {
  readonly kind: 'globs';
  readonly atMost: number;
}

/** A list of path globs. */
export interface PathGlobsRules {
  readonly kind: 'path-globs';
  readonly atMost: number;
}

/** A list of containers. */
export interface ContainersRules {
  readonly kind: 'containers';
}

/** The rules of a value that `nexos.yaml` can have. */
export type FileRules =
  | NumberRules
  | BooleanRules
  | TextRules
  | ServiceRules
  | VariablesRules
  | CommandRules
  | ContainersRules
  | PathGlobsRules;

type Described = Documentation & {
  readonly default: unknown;
  /** Whether the API accepts null, which means that the setting has no value. */
  readonly nullable?: true;
};

/** A setting that `nexos.yaml` can have too. Each deployment keeps a copy of it. */
export type FileSetting = Described &
  FileRules & {
    readonly file: string;
    /** Another name that `nexos.yaml` may use, in the same section. */
    readonly alias?: string;
  };

/**
 * One setting of a project. Its key in the table is its name in the API and in storage; `file` is its name in
 * `nexos.yaml`. A dot separates the name of a section from the name of a setting in it.
 */
export type Setting =
  | FileSetting
  | (Described &
      (FileRules | GlobsRules) & {
        readonly file?: never;
        /**
         * Property of the project's row, for settings that SQL filters by or that each push reads. Each deployment keeps
         * a copy of those without a column.
         */
        readonly column?: string;
      });

/** The options of an enabled service. */
export interface ServiceOptions {
  /** A version that the operator offers; the default one if undefined. */
  readonly version?: string;
  /** What the data is expected to take at most, in MiB. */
  readonly storage_mb?: number;
}
export type ServiceSetting = ServiceOptions | false;
/** A service as users give it. Null removes an option. */
export type GivenService =
  | boolean
  | {
      readonly enabled?: boolean;
      readonly version?: string | null;
      readonly storage_mb?: number | null;
    };

/** Values in the form that users send. */
export interface GivenValues {
  integer: number;
  number: number;
  boolean: boolean;
  text: string;
  service: GivenService;
  variables: Readonly<Record<string, string | number | boolean>>;
  /** Text for a shell, or arguments. */
  command: string | readonly string[];
  containers: readonly GivenContainer[];
  globs: string[];
  'path-globs': readonly string[];
}

/** Values in the form that users receive. */
export interface UserValues extends Omit<GivenValues, 'service' | 'variables' | 'containers'> {
  variables: Readonly<Record<string, string>>;
  containers: readonly UserContainer[];
  service: boolean | ({ readonly enabled: true } & ServiceOptions);
}

/** Values in the form that the database stores. */
export interface StoredValues extends Omit<GivenValues, 'service' | 'variables' | 'command' | 'containers'> {
  variables: Readonly<Record<string, string>>;
  containers: readonly StoredContainer[];
  service: ServiceSetting;
  /** Arguments. */
  command: readonly string[];
}

/**
 * Converts a given value to its stored form. Rows of earlier versions hold `true` for an enabled service.
 *
 * @param before the stored value that it changes: a service keeps the options that are not given
 */
export function storedValue({ kind }: Setting, value: unknown, before?: unknown): unknown {
  switch (kind) {
    case 'service':
      return storedService(value as GivenService, before as ServiceSetting | undefined);
    case 'command':
      return storedCommand(value as GivenValues['command']);
    case 'variables':
      return storedVariables(value as GivenValues['variables']);
    case 'containers':
      return (value as GivenValues['containers']).map(storedContainer);
    default:
      return value;
  }
}

function storedService(given: GivenService, before: ServiceSetting | undefined): ServiceSetting {
  if (given === false) return false;
  const { enabled = true, ...options } = given === true ? {} : given;
  if (!enabled) return false;
  const known = typeof before === 'object' ? before : {};
  const all = Object.entries<unknown>({ ...known, ...options });
  return Object.fromEntries(all.filter(([, option]) => option !== null && option !== undefined));
}

/** Converts a stored value to the form that users see. */
export function userValue({ kind }: Setting, value: unknown): unknown {
  if (kind === 'command') return userCommand(value);
  if (kind === 'containers') return (value as StoredValues['containers']).map(userContainer);
  if (kind !== 'service' || typeof value !== 'object' || value === null) return value;
  return Object.keys(value).length === 0 ? true : { enabled: true, ...value };
}
