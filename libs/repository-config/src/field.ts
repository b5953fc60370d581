interface Described {
  readonly title: string;
  readonly description: string;
  /** What holds when it is left out. */
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
}

/** Fields by their names, and no others. */
export interface SectionField extends Described {
  readonly kind: 'section';
  readonly fields: Readonly<Record<string, Field>>;
}

export interface NumberField extends Described {
  readonly kind: 'integer' | 'number';
  readonly least: number;
  readonly most: number;
}

interface BooleanField extends Described {
  readonly kind: 'boolean';
}

export interface TextField extends Described {
  readonly kind: 'text';
  readonly pattern: RegExp;
  /** Characters. */
  readonly longest: number;
  /** What the pattern asks for, as the end of a sentence that begins with the field. */
  readonly rule: string;
}

/** Values by names of the user's. */
export interface VariablesField extends Described {
  readonly kind: 'variables';
  readonly names: RegExp;
  /** Why it is no name, as the end of a sentence; null for those that fit `names`. */
  readonly nameProblem: (name: string) => string | null;
  readonly atMost: number;
}

/** A text for a shell, or a list of arguments. */
export interface CommandField extends Described {
  readonly kind: 'command';
}

/** What may be said at one place of the file: the JSON Schema and the parser are both made of it. */
export type Field = SectionField | NumberField | BooleanField | TextField | VariablesField | CommandField;
