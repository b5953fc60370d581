import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { UNKNOWN_FIELD, refused, type FieldError } from './api-error.js';

/** A value of the wrong type breaks the other rules too, but only these explain why. */
const TYPE_RULES = new Set(['isString', 'isInt', 'isNumber', 'isBoolean', 'isArray', 'isObject']);

/** Validates bodies and queries against their classes; rejects unknown fields by name. */
export function validationPipe(): ValidationPipe {
  return new FieldsPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => refused(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

class FieldsPipe extends ValidationPipe {
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, metatype } = metadata;
    // All query fields are optional, and most queries are empty: skip the validation, which takes time.
    if (type === 'query' && metatype !== undefined && isEmpty(value)) {
      return Promise.resolve(new metatype() as unknown);
    }
    // Nest would treat null as {}, and look for the fields in a list.
    if (type === 'body' && this.toValidate(metadata) && (value === null || isNotPlainObject(value))) {
      throw refused([{ field: 'body', message: 'must be an object' }]);
    }
    return super.transform(value, metadata);
  }
}

function isEmpty(query: unknown): boolean {
  return typeof query === 'object' && query !== null && Object.keys(query).length === 0;
}

function isNotPlainObject(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || Array.isArray(value));
}

/** Returns one error per field: the wrong type if that is the problem, otherwise one of the broken rules. */
function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const field = parent + error.property;
  const broken = Object.entries(error.constraints ?? {});
  const [rule, message] = broken.find(([name]) => TYPE_RULES.has(name)) ?? broken[0] ?? [];
  if (message !== undefined) {
    return [{ field, message: rule === 'whitelistValidation' ? UNKNOWN_FIELD : message }];
  }
  return (error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`));
}
