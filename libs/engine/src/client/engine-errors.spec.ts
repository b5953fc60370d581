import { describe, expect, it } from 'vitest';
import {
  EngineConflictError,
  EngineDiskFullError,
  EngineError,
  EngineNotFoundError,
  EngineNotManagerError,
  EngineRejectedError,
  EngineUnavailableError,
  mapEngineError,
} from './engine-errors.js';

const answered = (statusCode: number, text: string) =>
  Object.assign(new Error(`(HTTP code ${statusCode}) unexpected - ${text} `), { statusCode });

describe('mapEngineError', () => {
  it.each([
    [answered(404, 'no such service'), EngineNotFoundError],
    [answered(409, 'name conflicts with an existing object'), EngineConflictError],
    [answered(500, 'rpc error: code = Unknown desc = update out of sequence'), EngineConflictError],
    [
      answered(400, 'rpc error: code = FailedPrecondition desc = network x is in use by task y'),
      EngineConflictError,
    ],
    [answered(500, 'write /var/lib/docker/tmp/x: no space left on device'), EngineDiskFullError],
    [answered(400, 'no such option: no space left on device'), EngineRejectedError],
    [answered(503, 'This node is not a swarm manager.'), EngineNotManagerError],
    [answered(400, 'invalid mount'), EngineRejectedError],
    [Object.assign(new Error('connect ENOENT'), { code: 'ENOENT' }), EngineUnavailableError],
    [Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), EngineUnavailableError],
  ])('maps "%s" to its error class', (error, kind) => {
    const mapped = mapEngineError(error);
    expect(mapped).toBeInstanceOf(kind);
    expect(mapped.cause).toBe(error);
    expect(mapEngineError(mapped)).toBe(mapped);
  });

  it('does not mistake a bug in Nexos for an unreachable engine', () => {
    const mapped = mapEngineError(new TypeError('x is not a function'));
    expect(mapped).toBeInstanceOf(EngineError);
    expect(mapped).not.toBeInstanceOf(EngineUnavailableError);
  });
});
