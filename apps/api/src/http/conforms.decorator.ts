import { ValidateBy } from 'class-validator';

/** @param problemOf why a value is refused, as the end of a sentence that begins with its field; null: it is not */
export function Conforms(problemOf: (value: unknown) => string | null): PropertyDecorator {
  return ValidateBy({
    name: 'conforms',
    validator: {
      validate: (value: unknown) => problemOf(value) === null,
      defaultMessage: (failed) => problemOf(failed?.value) ?? 'is not valid',
    },
  });
}
