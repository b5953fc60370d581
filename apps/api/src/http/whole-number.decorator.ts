import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { Optional } from './optional.decorator.js';

/** Accepts an optional whole number in a query: only digits, so `1e1`, ` 1` and `0x1` are invalid. */
export const WholeNumberInQuery = (least: number, most: number) =>
  applyDecorators(
    Optional(),
    Transform(({ value }) => (/^-?\d{1,15}$/.test(String(value)) ? Number(value) : NaN)),
    IsInt({ message: 'must be a whole number' }),
    Min(least, { message: `must be at least ${least}` }),
    Max(most, { message: `must be at most ${most}` }),
  );
