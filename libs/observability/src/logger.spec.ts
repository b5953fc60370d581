import { pino } from 'pino';
import { expect, it } from 'vitest';
import { NestLogger } from './logger.js';

function linesOf(write: (logger: NestLogger) => void): unknown[] {
  const lines: unknown[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  write(new NestLogger(pino({ base: null, timestamp: false }, stream)));
  return lines;
}

it('a line has the class that writes it', () => {
  expect(linesOf((logger) => logger.log('it is live', 'Rollout'))).toEqual([
    { level: 30, context: 'Rollout', msg: 'it is live' },
  ]);
});

it('an object with a message is a line with fields of its own', () => {
  expect(linesOf((logger) => logger.log({ message: 'dep_1: live', event: { seq: '7' } }, 'Events'))).toEqual([
    { level: 30, context: 'Events', event: { seq: '7' }, msg: 'dep_1: live' },
  ]);
});

it('an error is its message, with its stack', () => {
  expect(linesOf((logger) => logger.error(new Error('it broke')))).toMatchObject([
    { msg: 'it broke', stack: expect.stringContaining('it broke') as string },
  ]);
});
