import { describe, expect, it } from 'vitest';
import { dependencyCycle, lateContainers } from './start-order.js';

const container = (name: string, ...dependencies: string[]) => ({
  name,
  depends_on: dependencies,
  overlap: true,
});

describe('dependencyCycle', () => {
  it('finds none among containers that can be started one after another', () => {
    expect(dependencyCycle([])).toBeNull();
    expect(
      dependencyCycle([
        container('web', 'api', 'worker'),
        container('worker', 'api'),
        container('api', 'app'),
      ]),
    ).toBeNull();
  });

  it('names the containers of a cycle, without those that only lead to it', () => {
    const cyclic = [container('a', 'b'), container('b', 'c'), container('c', 'd'), container('d', 'b')];
    expect(dependencyCycle(cyclic)).toEqual(['b', 'c', 'd', 'b']);
    expect(dependencyCycle([container('a', 'a')])).toEqual(['a', 'a']);
  });

  it('takes no longer for many paths to the same container', () => {
    const layers = Array.from({ length: 15 }, (_, at) =>
      container(`c${at}`, ...Array.from({ length: 14 - at }, (__, next) => `c${at + next + 1}`)),
    );
    expect(dependencyCycle(layers)).toBeNull();
  });
});

describe('lateContainers', () => {
  it('is empty while every container may overlap with its predecessor', () => {
    expect(lateContainers([container('a', 'b'), container('b')])).toEqual(new Set());
  });

  it('has those that may not, and all that wait for them', () => {
    const containers = [
      container('web', 'api'),
      container('api', 'worker'),
      { ...container('worker', 'queue'), overlap: false },
      container('queue'),
    ];
    expect(lateContainers(containers)).toEqual(new Set(['worker', 'api', 'web']));
  });
});
