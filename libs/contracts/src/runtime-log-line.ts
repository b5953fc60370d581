import type { LogText } from './log-line.js';

/**
 * A place in what one deployment's app wrote: the engine's own time of the line, in nanoseconds since the epoch, and
 * which line of that time it is, counted from 0. Whoever reads the engine again finds the same line at the same place,
 * so that a place outlives collectors, Redis and restarts of the app.
 */
export interface RuntimeLogPlace {
  /** A `bigint` in digits: nanoseconds of today are more than a number holds. */
  readonly nanoseconds: string;
  readonly ordinal: number;
}

/** One line that an app wrote. */
export interface RuntimeLogLine extends RuntimeLogPlace, LogText {}

/** A reader's place in the log of an environment, which goes from one live deployment to the next. */
export interface RuntimeLogCursor extends RuntimeLogPlace {
  /** Null before any deployment was live. */
  readonly deploymentId: string | null;
}

const NANOSECONDS_IN_MILLISECOND = 1_000_000n;

/** Before the first line of a deployment. */
export const RUNTIME_LOG_START: RuntimeLogPlace = { nanoseconds: '0', ordinal: 0 };

export function formatRuntimeLogCursor({ deploymentId, nanoseconds, ordinal }: RuntimeLogCursor): string {
  return `${nanoseconds}-${ordinal}${deploymentId === null ? '' : `-${deploymentId}`}`;
}

/** The form of a cursor, for whoever has to refuse others. */
export const RUNTIME_LOG_CURSOR = /^(0-0|(\d{1,19})-(\d{1,9})-(dep_[0-7][0-9a-hjkmnp-tv-z]{25}))$/;

/** Reads a cursor that a client sent back; null when it is none of ours. */
export function parseRuntimeLogCursor(text: string): RuntimeLogCursor | null {
  const match = RUNTIME_LOG_CURSOR.exec(text);
  if (match === null) return null;
  const [, , nanoseconds = '0', ordinal = '0', deploymentId = null] = match;
  return { nanoseconds, ordinal: Number(ordinal), deploymentId };
}

/** Below 0: `a` comes first; above 0: `b` does. */
export function compareRuntimeLogPlaces(a: RuntimeLogPlace, b: RuntimeLogPlace): number {
  const difference = BigInt(a.nanoseconds) - BigInt(b.nanoseconds);
  return difference === 0n ? a.ordinal - b.ordinal : difference < 0n ? -1 : 1;
}

/** @returns null for what is no RFC 3339 time in UTC with at most nine decimals, as the engine writes it */
export function nanosecondsOf(time: string): string | null {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time);
  const milliseconds = Date.parse(`${match?.[1] ?? ''}Z`);
  if (match === null || Number.isNaN(milliseconds) || milliseconds < 0) return null;
  return `${BigInt(milliseconds) * NANOSECONDS_IN_MILLISECOND + BigInt((match[2] ?? '').padEnd(9, '0'))}`;
}

export function millisecondsOf({ nanoseconds }: RuntimeLogPlace): number {
  return Number(BigInt(nanoseconds) / NANOSECONDS_IN_MILLISECOND);
}

export function placeAt(milliseconds: number): RuntimeLogPlace {
  return { nanoseconds: `${BigInt(milliseconds) * NANOSECONDS_IN_MILLISECOND}`, ordinal: 0 };
}
