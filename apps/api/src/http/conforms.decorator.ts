import { ValidateBy } from 'class-validator';

/**
 * Validates a property with a function.
 *
 * @param problemOf returns why a value is invalid, as the end of a sentence that begins with its field; null if valid
 */
export function Conforms(problemOf: (value: unknown) => string | null): PropertyDecorator {
  return ValidateBy({
    name: 'conforms',
    validator: {
      validate: (value: unknown) => problemOf(value) === null,
      defaultMessage: (failed) => problemOf(failed?.value) ?? 'is not valid',
    },
  });
}
