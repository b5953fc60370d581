/**
 * SQL: the new `checked_at` of a row of `branch_lookups` whose repository is to be checked at once. The value always changes, so
 * that a check under way does not count for it: it may have read what is asked about before.
 */
export const CHECK_SOON = `least(branch_lookups.checked_at, to_timestamp(0)) - interval '1 microsecond'`;
