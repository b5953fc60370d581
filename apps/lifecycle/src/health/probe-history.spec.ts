import { beforeEach, describe, expect, it } from 'vitest';
import { ProbeHistory } from './probe-history.js';

const TARGET = { port: 3000, path: '/up' };
const OK = { kind: 'answered', status: 404 } as const;
const REFUSED = { kind: 'refused' } as const;
const S = 1_000;

describe('ProbeHistory', () => {
  let history: ProbeHistory;
  beforeEach(() => {
    history = new ProbeHistory();
  });
  function probe(start: number, result: Parameters<ProbeHistory['end']>[1]): void {
    history.begin(start);
    history.end(start, result, TARGET);
  }

  it('knows nothing before the first probe has ended', () => {
    expect(history.facts(0)).toBeNull();
    history.begin(0);
    expect(history.facts(3 * S)).toBeNull();
    history.end(0, OK, TARGET);
    expect(history.facts(3 * S)).toMatchObject({ failingSince: null });
  });

  it('counts failures since the last answer, and says what the last one was', () => {
    probe(0, OK);
    probe(5 * S, REFUSED);
    probe(7 * S, { kind: 'answered', status: 503 });
    expect(history.facts(8 * S)).toEqual({
      failingSince: 5 * S,
      failures: 2,
      finding: 'answers GET /up with 503',
      isAddressUnknown: false,
    });
    probe(9 * S, OK);
    expect(history.facts(10 * S)).toMatchObject({ failingSince: null, failures: 0 });
  });

  it('counts probes that take long before they end, and forgets them when a later one is answered', () => {
    history.begin(0);
    history.begin(5 * S);
    expect(history.facts(9 * S)).toMatchObject({ failingSince: 0, failures: 2, finding: 'does not answer' });
    history.end(5 * S, OK, TARGET);
    expect(history.facts(9 * S)).toMatchObject({ failingSince: null, failures: 0 });
  });

  it('says when the ingress knew no address', () => {
    probe(0, { kind: 'unresolved' });
    expect(history.facts(1 * S)).toMatchObject({ isAddressUnknown: true });
    probe(2 * S, REFUSED);
    expect(history.facts(3 * S)).toMatchObject({ isAddressUnknown: false });
  });

  it('learns nothing from a probe that the ingress did not make', () => {
    probe(0, REFUSED);
    probe(2 * S, null);
    expect(history.facts(3 * S)).toMatchObject({ failures: 1 });
  });

  it('probes sooner when the last probe failed or is slow', () => {
    probe(0, OK);
    expect(history.isDue(4 * S, 5 * S)).toBe(false);
    expect(history.isDue(5 * S, 5 * S)).toBe(true);
    history.begin(5 * S);
    expect(history.isDue(6 * S, 5 * S)).toBe(false);
    expect(history.isDue(7 * S, 5 * S)).toBe(true);
    history.end(5 * S, REFUSED, TARGET);
    expect(history.isDue(7 * S, 5 * S)).toBe(true);
  });
});
