import { ValidateIf } from 'class-validator';

/** May be left out, and may be null, which means something of its own. */
export function OptionalOrNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}
