import { ValidationPipe, type ArgumentMetadata, type ValidationError } from '@nestjs/common';
import { ApiError, type FieldError } from './api-error.js';

/** Checks bodies and queries against their classes; unknown fields are refused by name. */
export function validationPipe(): ValidationPipe {
  return new FieldsPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => fieldErrors(error, ''));
      return new ApiError('validation', 'Some fields were refused; see errors.', fields);
    },
  });
}

class FieldsPipe extends ValidationPipe {
  /** All of a query may be left out, and mostly is: then there is nothing to check, which takes its time. */
  override transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { type, metatype } = metadata;
    if (type === 'query' && metatype !== undefined && isEmpty(value)) {
      return Promise.resolve(new metatype() as unknown);
    }
    return super.transform(value, metadata);
  }
}

function isEmpty(query: unknown): boolean {
  return typeof query === 'object' && query !== null && Object.keys(query).length === 0;
}

function fieldErrors(error: ValidationError, parent: string): FieldError[] {
  const field = parent + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) => ({
    field,
    message: rule === 'whitelistValidation' ? 'this field is not known' : message,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`))];
}
