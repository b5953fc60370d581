/**
 * SQL: the new `list_at` of an installation that an event is about. GitHub is asked within ten seconds, once for all
 * events of that time, since many may come in a row. The value always changes, which ends a listing under way: its answer
 * may be older than the event.
 */
export const LIST_SOON = `least(list_at, now() + interval '10 seconds') - interval '1 microsecond'`;
