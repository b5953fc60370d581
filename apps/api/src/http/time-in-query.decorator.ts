import { applyDecorators } from '@nestjs/common';
import { IsRFC3339, ValidateBy } from 'class-validator';
import { ApiProperty } from './openapi/api-property.js';
import { Optional } from './optional.decorator.js';

const TIME_RULE = 'must be an ISO 8601 time with a time zone, such as 2026-04-10T12:00:00Z';
/** Times before this fit into the nanoseconds of a log cursor. */
const MAX_TIME = Date.parse('2200-01-01T00:00:00Z');

/** Accepts an optional time in a query; rejects those that only look valid, such as leap seconds. */
export const TimeInQuery = (description: string, example: string) =>
  applyDecorators(
    ApiProperty({ type: 'string', format: 'date-time', required: false, description, example }),
    Optional(),
    IsRFC3339({ message: TIME_RULE }),
    ValidateBy({
      name: 'isTimeInQuery',
      validator: {
        validate: (value: unknown) => timeOf(value) < MAX_TIME,
        defaultMessage: (about) =>
          Number.isNaN(timeOf(about?.value)) ? TIME_RULE : 'must be a time before the year 2200',
      },
    }),
  );

function timeOf(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value) : NaN;
}
