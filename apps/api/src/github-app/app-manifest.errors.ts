import type { ConfiguredApp } from '@nexos/github';
import { ApiError } from '../http/problems/api-error.js';

const AGAIN = 'start again with POST /api/github/app-manifest.';

export function unknownState(): ApiError {
  return new ApiError(
    'validation',
    `This link is not valid, or has expired: it works for an hour, for one App. To create the App, ${AGAIN}`,
    [{ field: 'state', message: 'must be of a request that has not expired' }],
  );
}

/** A state that came back with another code. */
export function replayedState(): ApiError {
  return new ApiError('conflict', `This link was already used for another App. To create one, ${AGAIN}`);
}

export function codeIsBusy(): ApiError {
  return new ApiError('conflict', 'The App is being stored. Reload this page in half a minute.');
}

export function appExists({ isFromEnvironment }: ConfiguredApp): ApiError {
  return new ApiError(
    'conflict',
    isFromEnvironment
      ? 'GITHUB_APP_ID and GITHUB_APP_PRIVATE_KEY name an App. To use another one, remove them and restart the apps.'
      : 'A GitHub App is stored. To use another one, forget it first with DELETE /api/github/app.',
  );
}

/** @param settings the page of GitHub that lists the Apps */
export function codeIsUsed(settings: string): ApiError {
  return new ApiError(
    'conflict',
    `GitHub does not know this code: it was used before, or is more than an hour old. If ${settings} lists the App, delete it there, since GitHub gives its credentials only once. Then ${AGAIN}`,
  );
}

/** @param settings the page of GitHub that lists the Apps */
export function credentialsLost(settings: string): ApiError {
  return new ApiError(
    'conflict',
    `GitHub created the App, but its credentials were lost before they were stored, and GitHub gives them only once. Delete the App at ${settings}, and ${AGAIN}`,
  );
}

/** The App of another operator was stored while GitHub created this one. @param settings the page of GitHub that lists the Apps */
export function overtaken(settings: string): ApiError {
  return new ApiError(
    'conflict',
    `Another App was stored while GitHub created this one, whose credentials are lost. Keep the one that GET /api/github/app shows, and delete the other one at ${settings}.`,
  );
}

export function githubIsDown(): ApiError {
  return new ApiError(
    'service-unavailable',
    'GitHub is unreachable or did not answer. Reload this page later: the code works for an hour.',
  );
}
