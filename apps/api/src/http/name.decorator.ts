import { applyDecorators } from '@nestjs/common';
import { IsString, Matches } from 'class-validator';

/** What people call a thing: 1 to 100 characters, one of them visible. */
export const IsName = () =>
  applyDecorators(
    IsString({ message: 'must be text' }),
    Matches(/^(?=.*\S)[^\p{Cc}]{1,100}$/u, {
      message: 'must have 1 to 100 characters, a visible one among them and no control characters',
    }),
  );
