import { type ServiceTask } from '@nexos/engine';
import { describe, expect, it } from 'vitest';
import { StaysUp } from './stays-up.js';

const task = (id: string, state: string) => ({ id, state }) as ServiceTask;

describe('StaysUp', () => {
  it('takes a container for up once it has run for five seconds', () => {
    const staysUp = new StaysUp();
    expect(staysUp.observe([], 0)).toBe(false);
    expect(staysUp.observe([task('a', 'starting')], 9_000)).toBe(false);
    expect(staysUp.observe([task('a', 'running')], 10_000)).toBe(false);
    expect(staysUp.observe([task('a', 'running')], 14_999)).toBe(false);
    expect(staysUp.observe([task('a', 'running')], 15_000)).toBe(true);
  });

  it('starts counting again after each restart', () => {
    const staysUp = new StaysUp();
    staysUp.observe([task('a', 'running')], 0);
    expect(staysUp.observe([task('a', 'failed')], 4_000)).toBe(false);
    expect(staysUp.observe([task('a', 'running')], 5_000)).toBe(false);
    expect(staysUp.observe([task('b', 'running'), task('a', 'failed')], 9_000)).toBe(false);
    expect(staysUp.observe([task('b', 'running'), task('a', 'failed')], 14_000)).toBe(true);
  });
});
