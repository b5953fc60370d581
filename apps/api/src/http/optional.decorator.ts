import { ValidateIf } from 'class-validator';

/** May be left out. Unlike class-validator's own `IsOptional`, null is a value here, and refused as any other wrong one. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** May be left out, and null is a value of its own. */
export function OptionalOrNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}
