import { saysDiskFull } from '@nexos/domain';

/** The base of all that can go wrong between us and the container engine. */
export class EngineError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The engine cannot be reached or does not answer in time. Trying again later may help. */
export class EngineUnavailableError extends EngineError {}

/** A disk of the engine is full, or of what it has to do with, such as a registry. */
export class EngineDiskFullError extends EngineError {}

/** What the call names does not exist. */
export class EngineNotFoundError extends EngineError {}

/** The call collides with what exists: a name is taken, a thing is in use, or somebody changed it meanwhile. */
export class EngineConflictError extends EngineError {}

/** The thing exists and does not carry this installation's label, so it was left alone. */
export class EngineForeignError extends EngineError {}

/** The engine is in no state to do Swarm work: it is a worker, locked, or no member at all. */
export class EngineNotManagerError extends EngineError {}

/** The engine refused the call for another reason; the status is HTTP's. */
export class EngineRejectedError extends EngineError {
  constructor(
    readonly status: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** What docker-modem rejects with: a status code when the engine answered, a system error code when not. */
interface ModemError {
  readonly message: string;
  readonly statusCode?: unknown;
  readonly code?: unknown;
}

const CONFLICT = /update out of sequence|already exists|is in use|has active endpoints|name conflicts/i;
const NOT_MANAGER =
  /not a swarm manager|not part of a swarm|swarm is encrypted|swarm does not have a leader/i;

/**
 * Turns what dockerode rejects with into one of the classes above; the original is the `cause`.
 * Status codes: https://docs.docker.com/reference/api/engine/version/v1.41/
 */
export function mapEngineError(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (!isModemError(error)) return new EngineError(String(error), { cause: error });
  const { statusCode, code } = error;
  const message = error.message.trim().replace(/^\(HTTP code \d+\) /, '');
  const options = { cause: error };
  if (typeof statusCode !== 'number') {
    return typeof code === 'string'
      ? new EngineUnavailableError(`The container engine cannot be reached: ${message}`, options)
      : new EngineError(message, options);
  }
  if (statusCode >= 500 && saysDiskFull(message)) return new EngineDiskFullError(message, options);
  if (NOT_MANAGER.test(message)) return new EngineNotManagerError(message, options);
  if (statusCode === 404) return new EngineNotFoundError(message, options);
  if (statusCode === 409 || CONFLICT.test(message)) return new EngineConflictError(message, options);
  return new EngineRejectedError(statusCode, message, options);
}

/** What an answer that had begun well says went wrong. */
export function streamedError(message: string): EngineError {
  return mapEngineError({ statusCode: 502, message });
}

function isModemError(error: unknown): error is ModemError {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}
