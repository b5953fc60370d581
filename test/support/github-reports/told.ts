import type { GithubApi } from '../github-api/github-api.js';

/** What GitHub was told about a repository, oldest first, in words. */
export interface Told {
  /** The titles of each check run. Sending the same again changes nothing, so it does not count. */
  readonly checks: readonly (readonly string[])[];
  /** The descriptions of each deployment's statuses. */
  readonly deployments: readonly (readonly string[])[];
}

/** Returns what GitHub was told, without durations. */
export function toldOf({ checkRuns, deployments }: GithubApi, repository: string): Told {
  return {
    checks: checkRuns.all
      .filter((check) => check.repository === repository)
      .map(({ states }) => changes(states.map(({ output }) => withoutDuration(output?.title ?? '')))),
    deployments: deployments.all
      .filter((deployment) => deployment.repository === repository)
      .map(({ statuses }) => statuses.map(({ description }) => withoutDuration(description))),
  };
}

/** Returns the statuses that a comment's rows had one after the other, of a comment with one row. */
export function statusesIn(bodies: readonly string[]): string[] {
  return changes(bodies.map((body) => /<\/code><\/td><td>([^<]*)/.exec(body)?.[1] ?? ''));
}

function changes(states: readonly string[]): string[] {
  return states.filter((state, at) => state !== states[at - 1]);
}

function withoutDuration(text: string): string {
  return text.replace(/ after .*/, '');
}
