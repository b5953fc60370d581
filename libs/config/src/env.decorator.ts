import 'reflect-metadata';
import { Expose, Transform } from 'class-transformer';

const VARIABLES = Symbol('environment variables');
export type VariableType = 'string' | 'integer' | 'number' | 'boolean' | 'list';
export type AppName = 'agent' | 'api' | 'builder' | 'integrations' | 'lifecycle' | 'quota';

/** An environment variable that a property is read from. */
export interface BoundVariable {
  readonly name: string;
  /** Sentences for operators; `npm run docs` writes them into the reference. */
  readonly description: string;
  readonly type: VariableType;
  /** The apps that use it; undefined if every app that loads its section does. */
  readonly apps?: readonly AppName[] | undefined;
}

/**
 * Binds a property to an environment variable. Text that does not convert to `type` is left unchanged, so that
 * validation reports it.
 *
 * @param apps only if some apps load the section without using this variable
 */
export function Env(
  name: string,
  description: string,
  type: VariableType = 'string',
  apps?: readonly AppName[],
): PropertyDecorator {
  return (target, property) => {
    const bound = new Map(boundVariables(target.constructor));
    bound.set(String(property), { name, description, type, apps });
    Reflect.defineMetadata(VARIABLES, bound, target.constructor);
    Expose({ name })(target, property);
    Transform(({ value }: { value: unknown }) => convert(value, type))(target, property);
  };
}

/** Returns the variables of a section by property, in the order of the class. */
export function boundVariables(section: object): ReadonlyMap<string, BoundVariable> {
  const bound = Reflect.getMetadata(VARIABLES, section) as Map<string, BoundVariable> | undefined;
  return bound ?? new Map<string, BoundVariable>();
}

function convert(value: unknown, type: VariableType): unknown {
  if (typeof value !== 'string') return value;
  switch (type) {
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
