import { APP_CONTAINER, CONTAINER_NAME, isId } from '@nexos/domain';
import type { LogText } from './log-line.js';

/**
 * The place of a line in the output of one deployment's app: the engine's timestamp in nanoseconds since the epoch, and
 * the index among lines with that timestamp, from 0. Reading the engine again finds the same line at the same place, so
 * a place survives collectors, Redis and restarts of the app.
 */
export interface RuntimeLogPlace {
  /** A `bigint` in decimal digits: nanoseconds of today exceed the safe integers. */
  readonly nanoseconds: string;
  readonly ordinal: number;
}

/** A container of a deployment, whose output is a log of its own. */
export interface LoggedContainer {
  readonly deploymentId: string;
  readonly container: string;
}

/** Returns the name of a container's log. Earlier releases knew only the app's, by the id of its deployment. */
export function runtimeLogName({ deploymentId, container }: LoggedContainer): string {
  return container === APP_CONTAINER ? deploymentId : `${deploymentId}/${container}`;
}

/** Parses the name of a log; null when it is malformed. */
export function parseRuntimeLogName(name: string): LoggedContainer | null {
  const [deploymentId = '', container = APP_CONTAINER, ...more] = name.split('/');
  const isValid = isId('deployment', deploymentId) && CONTAINER_NAME.test(container) && more.length === 0;
  return isValid ? { deploymentId, container } : null;
}

/** One output line of a container. */
export interface RuntimeLogLine extends RuntimeLogPlace, LogText {}

/** A reader's place in the log of an environment, which spans its live deployments in turn. */
export interface RuntimeLogCursor extends RuntimeLogPlace {
  /** Null before any deployment was live. */
  readonly deploymentId: string | null;
}

const NANOSECONDS_IN_MILLISECOND = 1_000_000n;

/** The place before the first line of a deployment. */
export const RUNTIME_LOG_START: RuntimeLogPlace = { nanoseconds: '0', ordinal: 0 };

export function formatRuntimeLogCursor({ deploymentId, nanoseconds, ordinal }: RuntimeLogCursor): string {
  return `${nanoseconds}-${ordinal}${deploymentId === null ? '' : `-${deploymentId}`}`;
}

/** The format of a cursor, for validation. */
export const RUNTIME_LOG_CURSOR = /^(0-0|(\d{1,19})-(\d{1,9})-(dep_[0-7][0-9a-hjkmnp-tv-z]{25}))$/;

/** Parses a cursor from a client; null when it is malformed. */
export function parseRuntimeLogCursor(text: string): RuntimeLogCursor | null {
  const match = RUNTIME_LOG_CURSOR.exec(text);
  if (match === null) return null;
  const [, , nanoseconds = '0', ordinal = '0', deploymentId = null] = match;
  return { nanoseconds, ordinal: Number(ordinal), deploymentId };
}

/** Returns less than 0 when `a` comes first, more than 0 when `b` does. */
export function compareRuntimeLogPlaces(a: RuntimeLogPlace, b: RuntimeLogPlace): number {
  const difference = BigInt(a.nanoseconds) - BigInt(b.nanoseconds);
  return difference === 0n ? a.ordinal - b.ordinal : difference < 0n ? -1 : 1;
}

/** @returns null unless the text is an RFC 3339 time in UTC with at most nine decimals, as the engine writes it */
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
