import 'reflect-metadata';
import { Expose, Transform } from 'class-transformer';

const VARIABLES = Symbol('environment variables');
type Parse = 'string' | 'integer' | 'number' | 'boolean' | 'list';

/**
 * Binds a property to an environment variable. The text is converted as `as` says; what does not convert is
 * left as it is, so that validation reports it.
 */
export function Env(variable: string, as: Parse = 'string'): PropertyDecorator {
  return (target, property) => {
    const known =
      (Reflect.getMetadata(VARIABLES, target.constructor) as Map<string, string> | undefined) ??
      new Map<string, string>();
    known.set(String(property), variable);
    Reflect.defineMetadata(VARIABLES, known, target.constructor);
    Expose({ name: variable })(target, property);
    Transform(({ value }: { value: unknown }) => convert(value, as))(target, property);
  };
}

/** The environment variable that a property of a section is read from. */
export function environmentVariableOf(section: object, property: string): string {
  const known = Reflect.getMetadata(VARIABLES, section) as Map<string, string> | undefined;
  return known?.get(property) ?? property;
}

function convert(value: unknown, as: Parse): unknown {
  if (typeof value !== 'string') return value;
  switch (as) {
    case 'string':
      return value;
    case 'integer':
    case 'number':
      return value.trim() === '' ? value : Number(value);
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'list':
      return value
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
  }
}
