import { ValidateBy, isISO8601 } from 'class-validator';

const MAX_YEARS = 10;
const WITH_TIME_AND_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** Accepts an expiry time: ISO 8601 with a time zone, in the future, and within ten years. */
export function IsExpiry(): PropertyDecorator {
  return ValidateBy({
    name: 'isExpiry',
    validator: {
      validate: (value) => problemWith(value) === null,
      defaultMessage: (its) => problemWith(its?.value) ?? '',
    },
  });
}

function problemWith(value: unknown): string | null {
  if (typeof value !== 'string' || !WITH_TIME_AND_ZONE.test(value) || !isISO8601(value, { strict: true })) {
    return 'must be an ISO 8601 time with a time zone, such as 2030-01-31T12:00:00Z';
  }
  const time = new Date(value);
  const latest = new Date();
  latest.setUTCFullYear(latest.getUTCFullYear() + MAX_YEARS);
  if (Number.isNaN(time.getTime())) return 'must be a valid date and time';
  if (time.getTime() <= Date.now()) return 'must be in the future';
  return time > latest ? `must be within the next ${MAX_YEARS} years` : null;
}
