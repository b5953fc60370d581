import { describe, expect, it } from 'vitest';
import { isIdle, type IdleFacts } from './idle-environment.js';

const MINUTE = 60_000;
const LONG_AGO = 1_000 * MINUTE;

/** Nothing has happened for long, where 30 minutes are enough. */
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
    ['nothing has happened for long', {}],
    ['the time has just passed', { requestMs: 30 * MINUTE }],
    ['it was never asked, nor resumed', { requestMs: null, recordedRequestMs: null, resumedMs: null }],
    ['the ingress has forgotten its last request', { requestMs: null }],
    ['it is a month', { sleepAfterMinutes: 43_200, ...allAgo(43_200 * MINUTE) }],
  ])('is so when %s', (_when, over) => {
    expect(isIdle(facts(over))).toBe(true);
  });

  it.each<[string, Partial<IdleFacts>]>([
    ['its project says nothing of it', { sleepAfterMinutes: null }],
    ['something is open', { open: 1 }],
    ['the last request was a moment too late', { requestMs: 30 * MINUTE - 1 }],
    ['only a record tells of a request', { requestMs: null, recordedRequestMs: MINUTE }],
    ['its version went live just now', { liveMs: MINUTE }],
    ['it was resumed just now', { resumedMs: MINUTE }],
    ['it was made just now', { createdMs: MINUTE }],
    ['the ingress has just started', { requestMs: null, watchedMs: MINUTE }],
    ['it is on its way to something else', { isSettled: false }],
    ['a version is on its way', { hasUnfinishedDeployment: true }],
    ['it is to be paused', { desiredState: 'paused' }],
    ['it is paused', { status: 'paused', desiredState: 'paused' }],
    ['it is resuming', { status: 'paused' }],
    ['it has failed', { status: 'failed' }],
    ['it has no version yet', { status: 'pending' }],
    ['it is being destroyed', { status: 'destroying', desiredState: 'destroyed' }],
  ])('is not so when %s', (_when, over) => {
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
