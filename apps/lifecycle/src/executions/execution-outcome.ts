import { type ExecutionOutcome } from '@nexos/state';
import {
  DeploymentFailure,
  EXECUTION_FAILURE_CODES,
  ExecutionFailure,
  type ExecutionFailureCode,
  isDiskFull,
  type MissingService,
} from '@nexos/domain';
import { type JobEnd, JobRemovedError } from '@nexos/engine';

/** Exit code of a shell, and of the container's init, for a missing program. */
const NOT_FOUND = 127;
/** The error of the container's init (https://github.com/krallin/tini) for a missing shell. */
const NO_SHELL = /^\[FATAL tini \(\d+\)\] exec \/bin\/sh failed/;

/** Returns whether a container's log line says that its image has no shell. */
export function saysNoShell(text: string): boolean {
  return NO_SHELL.test(text);
}

/** Maps the end of a container to an execution's outcome. */
export function outcomeOf(
  end: JobEnd,
  { lacksShell, missing }: { lacksShell: boolean; missing?: MissingService | null | undefined },
): ExecutionOutcome {
  switch (end.kind) {
    case 'exited':
      if (end.code === NOT_FOUND && !lacksShell && missing) return serviceMissing(missing);
      return end.code === NOT_FOUND && lacksShell
        ? failed(
            'no_shell',
            'The image has no /bin/sh, which is needed to expand variables. Let the program read its variables itself; arguments without $ need no shell.',
          )
        : { status: 'exited', exitCode: end.code };
    case 'timed-out':
      return end.lastState === 'running'
        ? { status: 'timed_out' }
        : failed('not_started', 'The container could not be started in time. Try again later.');
    case 'not-started':
      return /no such image/i.test(end.reason)
        ? failed('image_missing', 'The image is no longer on its node. Deploy again to rebuild it.')
        : failed(
            'not_started',
            'The container could not be started. Try again; if that does not help, tell the operator.',
          );
  }
}

/** Maps an error to an execution's outcome; unexpected errors become `internal_error`. */
export function outcomeOfError(error: unknown): ExecutionOutcome {
  if (error instanceof ExecutionFailure) return failed(error.code, error.message);
  if (error instanceof DeploymentFailure && (isDiskFull(error) || error.code === 'no_capacity'))
    return failed('service_not_ready', error.message);
  if (error instanceof DeploymentFailure && isCode(error.code)) return failed(error.code, error.message);
  if (error instanceof JobRemovedError) {
    return failed(
      'container_lost',
      'The container was removed before the command finished. Check what the command did before you run it again.',
    );
  }
  return failed(
    'internal_error',
    'The command failed because of an internal error in Nexos. Check whether it ran, then try again; if that does not help, tell the operator.',
  );
}

function serviceMissing({ program, kind }: MissingService): ExecutionOutcome {
  const title = kind === 'redis' ? 'Redis' : 'Postgres';
  return failed(
    'service_missing',
    `The project has no ${title}, whose image has ${program}, and the version's own image does not have the program. Turn on services.${kind} and deploy again, or add ${program} to the image.`,
  );
}

function failed(code: ExecutionFailureCode, message: string): ExecutionOutcome {
  return { status: 'failed', failure: { code, message } };
}

function isCode(code: string): code is ExecutionFailureCode {
  return (EXECUTION_FAILURE_CODES as readonly string[]).includes(code);
}

/** Formats the last line of an execution's log. */
export function formatOutcome(outcome: ExecutionOutcome, timeoutSeconds: number): string {
  switch (outcome.status) {
    case 'exited':
      return `exited with code ${outcome.exitCode}`;
    case 'failed':
      return `failed: ${outcome.failure.message} (${outcome.failure.code})`;
    case 'timed_out':
      return `stopped: the command did not finish within ${timeoutSeconds} s`;
    case 'cancelled':
      return 'stopped before the command finished';
  }
}
