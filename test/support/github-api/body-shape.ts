/** Returns why a value is not accepted; null if it is. */
type Rule = (value: unknown) => string | null;

/** The fields of a body: all others are not accepted. */
export interface Shape {
  readonly required: Readonly<Record<string, Rule>>;
  readonly optional?: Readonly<Record<string, Rule>>;
}

/** Returns the first problem with a body, naming the field; null if there is none. */
export function bodyProblem(body: unknown, { required, optional = {} }: Shape): string | null {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'The body is no object.';
  const fields = body as Record<string, unknown>;
  for (const name of Object.keys(required))
    if (fields[name] === undefined) return `"${name}" wasn't supplied.`;
  for (const [name, value] of Object.entries(fields)) {
    const rule = required[name] ?? optional[name];
    if (rule === undefined) return `"${name}" is not a permitted key.`;
    const problem = rule(value);
    if (problem !== null) return `"${name}" ${problem}.`;
  }
  return null;
}

/** Accepts text of at most so many bytes. */
export function text(most = 1_000): Rule {
  return (value) => {
    if (typeof value !== 'string' || value === '') return 'is no text';
    return Buffer.byteLength(value) > most ? `is longer than ${most} bytes` : null;
  };
}

export function oneOf(...values: readonly string[]): Rule {
  return (value) => (values.includes(value as string) ? null : `is not one of ${values.join(', ')}`);
}

export const isBoolean: Rule = (value) => (typeof value === 'boolean' ? null : 'is no boolean');

export const isSha: Rule = (value) =>
  typeof value === 'string' && /^[0-9a-f]{40}$/.test(value) ? null : 'is no commit SHA';

export const isTime: Rule = (value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/.test(value)
    ? null
    : 'is no ISO 8601 timestamp';

export const isUrl: Rule = (value) =>
  typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value) ? null : 'is no URL';

export const isTexts: Rule = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? null : 'is no list of texts';

export const isObject: Rule = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? null : 'is no object';

/** Accepts an object of a shape. */
export function shaped(shape: Shape): Rule {
  return (value) => {
    const problem = bodyProblem(value, shape);
    return problem === null ? null : `is invalid: ${problem}`;
  };
}
