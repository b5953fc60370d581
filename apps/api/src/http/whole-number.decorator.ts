import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { Optional } from './optional.decorator.js';

/** A whole number in a query, which is text there: digits alone, so that `1e1`, ` 1` and `0x1` are none. May be left out. */
export const WholeNumberInQuery = (least: number, most: number) =>
  applyDecorators(
    Optional(),
    Transform(({ value }) => (/^-?\d{1,15}$/.test(String(value)) ? Number(value) : NaN)),
    IsInt({ message: 'must be a whole number' }),
    Min(least, { message: `must be at least ${least}` }),
    Max(most, { message: `must be at most ${most}` }),
  );
