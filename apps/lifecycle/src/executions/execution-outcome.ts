import { type ExecutionOutcome } from '@nexos/state';
import {
  DeploymentFailure,
  EXECUTION_FAILURE_CODES,
  ExecutionFailure,
  type ExecutionFailureCode,
  isDiskFull,
} from '@nexos/domain';
import { type JobEnd, JobGoneError } from '@nexos/engine';

/** Of a shell, when there is no such program; of the container's first process too. */
const NOT_FOUND = 127;
/** What the container's first process says then (https://github.com/krallin/tini). */
const NO_SHELL = /^\[FATAL tini \(\d+\)\] exec \/bin\/sh failed/;

/** Whether a line of a container says that its image has no shell. */
export function saysNoShell(text: string): boolean {
  return NO_SHELL.test(text);
}

/** What the end of its container means for an execution. */
export function outcomeOf(end: JobEnd, { lacksShell }: { lacksShell: boolean }): ExecutionOutcome {
  switch (end.kind) {
    case 'exited':
      return end.code === NOT_FOUND && lacksShell
        ? failed(
            'no_shell',
            'The image has no /bin/sh, which puts the values of variables in. Let the program read its variables itself: without $ in its arguments no shell is needed.',
          )
        : { status: 'exited', exitCode: end.code };
    case 'timed-out':
      return end.lastState === 'running'
        ? { status: 'timed_out' }
        : failed('not_started', 'The container could not be started in time. Try again later.');
    case 'not-started':
      return /no such image/i.test(end.reason)
        ? failed('image_missing', 'The image is not on its node any more. Deploy again.')
        : failed('not_started', 'The container could not be started. Try again; then tell the operator.');
  }
}

/** What an error means for an execution; `internal_error` for those that nobody expected. */
export function outcomeOfError(error: unknown): ExecutionOutcome {
  if (error instanceof ExecutionFailure) return failed(error.code, error.message);
  if (error instanceof DeploymentFailure && isDiskFull(error))
    return failed('service_not_ready', error.message);
  if (error instanceof DeploymentFailure && isCode(error.code)) return failed(error.code, error.message);
  if (error instanceof JobGoneError) {
    return failed('container_lost', 'The container was taken away before the command had ended.');
  }
  return failed('internal_error', 'Something went wrong on our side. Try again; then tell the operator.');
}

function failed(code: ExecutionFailureCode, message: string): ExecutionOutcome {
  return { status: 'failed', failure: { code, message } };
}

function isCode(code: string): code is ExecutionFailureCode {
  return (EXECUTION_FAILURE_CODES as readonly string[]).includes(code);
}

/** The last line of an execution's log. */
export function toldOutcome(outcome: ExecutionOutcome, timeoutSeconds: number): string {
  switch (outcome.status) {
    case 'exited':
      return `exited with code ${outcome.exitCode}`;
    case 'failed':
      return `failed: ${outcome.failure.message} (${outcome.failure.code})`;
    case 'timed_out':
      return `stopped: it did not end within ${timeoutSeconds} s`;
    case 'cancelled':
      return 'stopped: it is not wanted any more';
  }
}
