import { describe, expect, it } from 'vitest';
import { githubRequestError } from './github-request.error.js';

const NOW = Date.UTC(2026, 0, 1);
const FAILED = { repository: 'acme/shop', permission: 'checks', isForToken: false };

function answer(status: number, message = '', headers: Record<string, string> = {}) {
  const response = { status, headers };
  return githubRequestError(Object.assign(new Error(message), { status, response }), FAILED, NOW);
}
const tokenAnswer = (status: number, message = '') =>
  githubRequestError(
    Object.assign(new Error(message), { status, response: { headers: {} } }),
    { ...FAILED, isForToken: true },
    NOW,
  );

describe('githubRequestError', () => {
  it.each([
    ['the header Retry-After', 403, { 'retry-after': '30' }, 30_000],
    [
      'the time at which the limit is reset',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1767225660' },
      60_000,
    ],
    [
      'a reset in the past for a second',
      429,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' },
      1_000,
    ],
    ['a minute without any header', 429, {}, 60_000],
  ] as const)('waits as long as GitHub asks: %s', (_how, status, headers, ms) => {
    expect(answer(status, '', headers)).toMatchObject({ kind: 'limited', retryAfterMs: ms });
  });

  it("counts by GitHub's own clock", () => {
    const headers = {
      date: new Date(NOW + 3_600_000).toUTCString(),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String((NOW + 3_660_000) / 1_000),
    };
    expect(answer(403, '', headers).retryAfterMs).toBe(60_000);
  });

  it('recognizes a secondary limit by its message', () => {
    expect(answer(403, 'You have exceeded a secondary rate limit.').kind).toBe('limited');
  });

  it('is unavailable while there is no final answer', () => {
    for (const status of [401, 500, 502, 503]) expect(answer(status).kind).toBe('unavailable');
    expect(githubRequestError(new TypeError('fetch failed'), FAILED, NOW).kind).toBe('unavailable');
    const noResponse = Object.assign(new Error('ECONNREFUSED'), { status: 500 });
    expect(githubRequestError(noResponse, FAILED, NOW).kind).toBe('unavailable');
  });

  it('names the permission that the App lacks', () => {
    expect(answer(403, 'Resource not accessible by integration')).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('may not use checks of acme/shop') as string,
    });
    expect(tokenAnswer(422)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('lacks the permission "checks: write"') as string,
    });
  });

  it.each([
    [403, 'This installation has been suspended', 'refused', 'has been suspended'],
    [404, 'Not Found', 'refused', 'no longer installed'],
    [401, 'Bad', 'unavailable', 'GET /api/github/app'],
  ] as const)('says why there is no token: %i', (status, message, kind, text) => {
    expect(tokenAnswer(status, message)).toMatchObject({
      kind,
      message: expect.stringContaining(text) as string,
    });
  });

  it('tells apart what is missing and what is not accepted', () => {
    expect(answer(404).kind).toBe('missing');
    expect(answer(410).kind).toBe('missing');
    expect(answer(422, 'No commit found for SHA - https://docs.github.com/x')).toMatchObject({
      kind: 'refused',
      message: 'GitHub answered 422: No commit found for SHA',
    });
  });

  it('has the token replaced that GitHub no longer accepts', () => {
    expect(answer(401).isTokenStale).toBe(true);
    expect(tokenAnswer(401).isTokenStale).toBe(false);
  });
});
