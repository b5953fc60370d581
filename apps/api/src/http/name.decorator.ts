import { applyDecorators } from '@nestjs/common';
import { IsString, Matches } from 'class-validator';

/** Accepts a display name: 1 to 100 characters, at least one of them visible. */
export const IsName = () =>
  applyDecorators(
    IsString({ message: 'must be a string' }),
    Matches(/^(?=.*\S)[^\p{Cc}]{1,100}$/u, {
      message: 'must have 1 to 100 characters, at least one of them visible, and no control characters',
    }),
  );
