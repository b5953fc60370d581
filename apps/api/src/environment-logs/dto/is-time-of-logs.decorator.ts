import { ValidateBy } from 'class-validator';

/** In nanoseconds it still is a number that places in a log can have. */
const LAST = Date.parse('2200-01-01T00:00:00Z');

/** A moment that a line of a log can be from; what only looks like one, such as a leap second, is none. */
export const IsTimeOfLogs = () =>
  ValidateBy({
    name: 'isTimeOfLogs',
    validator: {
      validate: (value: unknown) => {
        const time = typeof value === 'string' ? Date.parse(value) : NaN;
        return time < LAST;
      },
      defaultMessage: () => 'must be a time before the year 2200',
    },
  });
