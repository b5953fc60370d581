import { describe, expect, it } from 'vitest';
import { maskedCommand } from './masked-command.js';

describe('maskedCommand', () => {
  it.each([
    [
      ['psql', 'postgres://me:hunter2@db/app'],
      ['psql', 'postgres://me:***@db/app'],
    ],
    [
      ['sh', '-c', 'PGPASSWORD=hunter2 psql'],
      ['sh', '-c', 'PGPASSWORD=*** psql'],
    ],
    [
      ['sh', '-c', 'TOKEN="a b" run'],
      ['sh', '-c', 'TOKEN=*** run'],
    ],
    [
      ['tool', '--api-key=hunter2'],
      ['tool', '--api-key=***'],
    ],
    [
      ['tool', '--password', 'hunter2', 'next'],
      ['tool', '--password', '***', 'next'],
    ],
    [
      ['curl', 'https://a.example/?token=hunter2&b=1'],
      ['curl', 'https://a.example/?token=***&b=1'],
    ],
    [
      ['npm', 'run', 'migrate'],
      ['npm', 'run', 'migrate'],
    ],
  ])('masks %j as %j', (command, expected) => {
    expect(maskedCommand(command)).toEqual(expected);
  });

  it('cuts long arguments', () => {
    expect(maskedCommand(['x'.repeat(5_000)])[0]).toHaveLength(1_001);
  });

  it.each(['x', 'token', 'a.', 'a://b:', '-'])('takes linear time for 64 KiB of %j', (unit) => {
    const started = performance.now();
    maskedCommand([unit.repeat(65_536 / unit.length), 'next']);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
