/** Stable codes of failed executions; clients may branch on them. */
export const EXECUTION_FAILURE_CODES = [
  'worker_lost',
  'container_lost',
  'not_started',
  'no_shell',
  'service_missing',
  'image_missing',
  'service_not_ready',
  'secrets_unreadable',
  'variables_invalid',
  'internal_error',
] as const;
export type ExecutionFailureCode = (typeof EXECUTION_FAILURE_CODES)[number];

/** Why a command could not run, or why its result is unknown. Users see the message. */
export class ExecutionFailure extends Error {
  constructor(
    readonly code: ExecutionFailureCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'ExecutionFailure';
  }
}
