import { describe, expect, it } from 'vitest';
import { buildTurns, type WaitingAccount } from './build-turns.js';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const account = (accountId: string, given: Partial<WaitingAccount> = {}): WaitingAccount => ({
  accountId,
  concurrentBuilds: 2,
  running: 0,
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
