import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { UNKNOWN_FIELD, refused, type FieldError } from './api-error.js';

/** A value of another type breaks all the other rules too, and none of them says why. */
const TYPE_RULES = new Set(['isString', 'isInt', 'isNumber', 'isBoolean', 'isArray', 'isObject']);

/** Checks bodies and queries against their classes; unknown fields are refused by name. */
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
    // All of a query may be left out, and mostly is: then there is nothing to check, which takes its time.
    if (type === 'query' && metatype !== undefined && isEmpty(value)) {
      return Promise.resolve(new metatype() as unknown);
    }
    // Nest would take null for {}, and look for the fields of a list.
    if (type === 'body' && this.toValidate(metadata) && (value === null || isNoPlainObject(value))) {
      throw refused([{ field: 'body', message: 'must be an object' }]);
    }
    return super.transform(value, metadata);
  }
}

function isEmpty(query: unknown): boolean {
  return typeof query === 'object' && query !== null && Object.keys(query).length === 0;
}

function isNoPlainObject(value: unknown): boolean {
  return value !== undefined && (typeof value !== 'object' || Array.isArray(value));
}

/** One for each field: that it is of the wrong type, where it is, and else one of the rules that it broke. */
function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const field = parent + error.property;
  const broken = Object.entries(error.constraints ?? {});
  const [rule, message] = broken.find(([name]) => TYPE_RULES.has(name)) ?? broken[0] ?? [];
  if (message !== undefined) {
    return [{ field, message: rule === 'whitelistValidation' ? UNKNOWN_FIELD : message }];
  }
  return (error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`));
}
