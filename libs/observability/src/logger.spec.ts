import { pino } from 'pino';
import { expect, it } from 'vitest';
import { NestLogger } from './logger.js';

function linesOf(write: (logger: NestLogger) => void): unknown[] {
  const lines: unknown[] = [];
  const stream = { write: (line: string) => void lines.push(JSON.parse(line)) };
  write(new NestLogger(pino({ base: null, timestamp: false }, stream)));
  return lines;
}

it('writes the logging class as the context of a line', () => {
  expect(linesOf((logger) => logger.log('it is live', 'Rollout'))).toEqual([
    { level: 30, context: 'Rollout', msg: 'it is live' },
  ]);
});

it('writes the properties of an object with a message as fields', () => {
  expect(linesOf((logger) => logger.log({ message: 'dep_1: live', event: { seq: '7' } }, 'Events'))).toEqual([
    { level: 30, context: 'Events', event: { seq: '7' }, msg: 'dep_1: live' },
  ]);
});

it('writes the message and the stack of an error', () => {
  expect(linesOf((logger) => logger.error(new Error('it broke')))).toMatchObject([
    { msg: 'it broke', stack: expect.stringContaining('it broke') as string },
  ]);
});
