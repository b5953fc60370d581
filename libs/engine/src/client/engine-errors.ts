import { mentionsDiskFull } from '@nexos/domain';

/** The base class of all errors of the container engine. */
export class EngineError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The engine is unreachable or does not answer in time; a later retry may succeed. */
export class EngineUnavailableError extends EngineError {}

/** A disk of the engine, or of a server it depends on such as a registry, is full. */
export class EngineDiskFullError extends EngineError {}

/** The object that the call names does not exist. */
export class EngineNotFoundError extends EngineError {}

/** The call conflicts with the current state: a name is taken, or an object is in use or was changed meanwhile. */
export class EngineConflictError extends EngineError {}

/** The object exists without this installation's label, so it was left unchanged. */
export class EngineForeignError extends EngineError {}

/** The engine cannot manage a Swarm: it is a worker, locked, or not a member. */
export class EngineNotManagerError extends EngineError {}

/** The engine refused the call for another reason; `status` is the HTTP status. */
export class EngineRejectedError extends EngineError {
  constructor(
    readonly status: number,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An error of docker-modem: with a status code when the engine answered, else with a system error code. */
interface ModemError {
  readonly message: string;
  readonly statusCode?: unknown;
  readonly code?: unknown;
}

const CONFLICT = /update out of sequence|already exists|is in use|has active endpoints|name conflicts/i;
const NOT_MANAGER =
  /not a swarm manager|not part of a swarm|swarm is encrypted|swarm does not have a leader/i;

/**
 * Maps an error of dockerode to one of the classes above; the original becomes the `cause`.
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
      ? new EngineUnavailableError(`The container engine is unreachable: ${message}`, options)
      : new EngineError(message, options);
  }
  if (statusCode >= 500 && mentionsDiskFull(message)) return new EngineDiskFullError(message, options);
  if (NOT_MANAGER.test(message)) return new EngineNotManagerError(message, options);
  if (statusCode === 404) return new EngineNotFoundError(message, options);
  if (statusCode === 409 || CONFLICT.test(message)) return new EngineConflictError(message, options);
  return new EngineRejectedError(statusCode, message, options);
}

/** Maps an error reported within a response whose status was success. */
export function streamedError(message: string): EngineError {
  return mapEngineError({ statusCode: 502, message });
}

function isModemError(error: unknown): error is ModemError {
  return (
    typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string'
  );
}

/** Reports whether Swarm has removed a network that the engine lists until its last container leaves. */
export function isForgottenNetwork(error: unknown): boolean {
  return error instanceof EngineError && /network \S+ not found/i.test(error.message);
}
