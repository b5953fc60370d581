import { describe, expect, it } from 'vitest';
import { inLoadingOrder } from './loading-order.js';

const tables = ['a', 'b', 'c'].map((name) => ({ name }));

describe('inLoadingOrder', () => {
  it('puts each table after those that it refers to', () => {
    const references = [
      { child: 'a', parent: 'b' },
      { child: 'b', parent: 'c' },
    ];
    expect(inLoadingOrder(tables, references).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  it('refuses foreign keys that form a circle', () => {
    const references = [
      { child: 'a', parent: 'b' },
      { child: 'b', parent: 'a' },
    ];
    expect(() => inLoadingOrder(tables, references)).toThrow('circle');
  });
});
