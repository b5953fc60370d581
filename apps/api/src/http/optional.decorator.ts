import { ValidateIf } from 'class-validator';

/** Makes a property optional. Unlike class-validator's `IsOptional`, rejects null like any other invalid value. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** Makes a property optional and nullable. */
export function OptionalOrNull(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined && value !== null);
}
