import { DISPLAY_NAME, DISPLAY_NAME_RULE } from '@nexos/domain';
import { applyDecorators } from '@nestjs/common';
import { IsString, Matches } from 'class-validator';

/** Accepts a display name. */
export const IsName = () =>
  applyDecorators(
    IsString({ message: 'must be a string' }),
    Matches(DISPLAY_NAME, { message: DISPLAY_NAME_RULE }),
  );
