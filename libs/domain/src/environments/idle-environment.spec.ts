import { describe, expect, it } from 'vitest';
import { isIdle, type IdleFacts } from './idle-environment.js';

const MINUTE = 60_000;
const LONG_AGO = 1_000 * MINUTE;

/** Long unused, with a limit of 30 minutes. */
const facts = (over: Partial<IdleFacts>): IdleFacts => ({
  status: 'running',
  desiredState: 'running',
  isSettled: true,
  hasUnfinishedDeployment: false,
  sleepAfterMinutes: 30,
  open: 0,
  requestMs: LONG_AGO,
  recordedRequestMs: LONG_AGO,
  liveMs: LONG_AGO,
  resumedMs: LONG_AGO,
  createdMs: LONG_AGO,
  watchedMs: LONG_AGO,
  ...over,
});

describe('isIdle', () => {
  it.each<[string, Partial<IdleFacts>]>([
    ['nothing has happened for a long time', {}],
    ['the time limit was just reached', { requestMs: 30 * MINUTE }],
    [
      'it never had a request and was never resumed',
      { requestMs: null, recordedRequestMs: null, resumedMs: null },
    ],
    ['the ingress has forgotten its last request', { requestMs: null }],
    ['the limit of a month was reached', { sleepAfterMinutes: 43_200, ...allAgo(43_200 * MINUTE) }],
  ])('finds an environment idle when %s', (_when, over) => {
    expect(isIdle(facts(over))).toBe(true);
  });

  it.each<[string, Partial<IdleFacts>]>([
    ['its project sets no limit', { sleepAfterMinutes: null }],
    ['a connection is open', { open: 1 }],
    ['the last request is a millisecond too recent', { requestMs: 30 * MINUTE - 1 }],
    ['only the database knows of a recent request', { requestMs: null, recordedRequestMs: MINUTE }],
    ['its version went live just now', { liveMs: MINUTE }],
    ['it was resumed just now', { resumedMs: MINUTE }],
    ['it was created just now', { createdMs: MINUTE }],
    ['the ingress has just started', { requestMs: null, watchedMs: MINUTE }],
    ['it has not settled', { isSettled: false }],
    ['a deployment is unfinished', { hasUnfinishedDeployment: true }],
    ['it should be paused', { desiredState: 'paused' }],
    ['it is paused', { status: 'paused', desiredState: 'paused' }],
    ['it is resuming', { status: 'paused' }],
    ['it has failed', { status: 'failed' }],
    ['it has no version yet', { status: 'pending' }],
    ['it is being destroyed', { status: 'destroying', desiredState: 'destroyed' }],
  ])('finds an environment in use when %s', (_when, over) => {
    expect(isIdle(facts(over))).toBe(false);
  });
});

function allAgo(ms: number): Partial<IdleFacts> {
  return {
    requestMs: ms,
    recordedRequestMs: ms,
    liveMs: ms,
    resumedMs: ms,
    createdMs: ms,
    watchedMs: ms,
  };
}
