import { describe, expect, it } from 'vitest';
import { buildTurns, startableBuilds, type WaitingAccount } from './build-turns.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const account = (accountId: string, given: Partial<WaitingAccount> = {}): WaitingAccount => ({
  accountId,
  concurrentBuilds: 2,
  running: 0,
  lost: 0,
  queued: 1,
  lastStartedAt: null,
  waitingSince: at(0),
  ...given,
});
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const order = (...accounts: WaitingAccount[]) => buildTurns(accounts).map(({ accountId }) => accountId);

describe('buildTurns', () => {
  it('begins with the account that runs the fewest builds', () => {
    expect(order(account('busy', { running: 1 }), account('idle', { lastStartedAt: at(9) }))).toEqual([
      'idle',
      'busy',
    ]);
  });

  it('continues with the account whose last build began the longest ago', () => {
    const accounts = [
      account('recent', { lastStartedAt: at(9) }),
      account('earlier', { lastStartedAt: at(3) }),
      account('first build', { waitingSince: at(30) }),
    ];
    expect(order(...accounts)).toEqual(['first build', 'earlier', 'recent']);
  });

  it('takes first builds in the order in which they were queued', () => {
    expect(
      order(account('second', { waitingSince: at(2) }), account('first', { waitingSince: at(1) })),
    ).toEqual(['first', 'second']);
  });

  it('leaves out accounts at their limit', () => {
    expect(order(account('full', { running: 2 }), account('one left', { running: 1 }))).toEqual(['one left']);
  });

  it('takes part in the turns with lost builds, at the limit too', () => {
    const lost = account('lost', { lost: 20, queued: 0, lastStartedAt: at(9) });
    expect(order(lost, account('first build', { waitingSince: at(30) }))).toEqual(['first build', 'lost']);
    expect(order({ ...lost, running: 1 }, account('idle', { lastStartedAt: at(10) }))).toEqual([
      'idle',
      'lost',
    ]);
  });

  it.each([
    { running: 0, lost: 0, queued: 5, startable: 2 },
    { running: 1, lost: 0, queued: 5, startable: 1 },
    { running: 3, lost: 0, queued: 5, startable: 0 },
    { running: 0, lost: 1, queued: 0, startable: 1 },
    // A queued build does not take the part of the limit that a lost one has.
    { running: 1, lost: 1, queued: 5, startable: 1 },
    { running: 0, lost: 3, queued: 5, startable: 3 },
  ])('counts the builds that may start at a limit of 2: %o', ({ startable, ...given }) => {
    expect(startableBuilds(account('one', given))).toBe(startable);
  });

  it.each([1, 2, 20])(
    'serves a new account next, beside %d accounts that have queued 200 builds',
    (count) => {
      const others = Array.from({ length: count }, (_, index) =>
        account(`other ${index}`, { lastStartedAt: at(index), waitingSince: at(0) }),
      );
      expect(order(...others, account('new', { waitingSince: at(50) }))[0]).toBe('new');
    },
  );

  it('gives each account as many builds as the others while all of them wait', () => {
    const last = new Map<string, Date | null>(NAMES.map((name) => [name, null]));
    const served: string[] = [];
    for (let turn = 0; turn < 50; turn++) {
      const [next] = buildTurns([...last].map(([name, lastStartedAt]) => account(name, { lastStartedAt })));
      served.push(next?.accountId ?? '');
      last.set(next?.accountId ?? '', at(turn + 1));
    }
    for (const name of NAMES) expect(served.filter((one) => one === name)).toHaveLength(10);
  });
});
