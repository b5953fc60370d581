import type { DesiredState, EnvironmentStatus } from './environment-state.js';

/** Actions on an environment other than deployments. */
export type EnvironmentAction = 'pause' | 'resume' | 'reset' | 'rebuild';

export interface ActionFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** A reset was requested and has not finished. */
  readonly isResetting: boolean;
  /** The requested reset restores an older database. */
  readonly isRestoring: boolean;
  /** It is paused, or will be, because nobody used it rather than on request. */
  readonly isAsleep: boolean;
  readonly hasDatabase: boolean;
  readonly hasLiveVersion: boolean;
  /** The desired state could not be reached, and nothing was requested since. */
  readonly hasFailed: boolean;
}

/** `same`: the action is already in progress or done, so nothing changes. */
export type ActionVerdict =
  { readonly kind: 'do' } | { readonly kind: 'same' } | { readonly kind: 'refuse'; readonly reason: string };

const DO: ActionVerdict = { kind: 'do' };
const SAME: ActionVerdict = { kind: 'same' };
const refuse = (reason: string): ActionVerdict => ({ kind: 'refuse', reason });

/** Refuses every action on an environment that is destroyed or being destroyed; null for any other. */
export function refuseIfDestroyed(status: EnvironmentStatus): ActionVerdict | null {
  if (status === 'destroyed') return refuse('The environment was destroyed.');
  return status === 'destroying' ? refuse('The environment is being destroyed.') : null;
}

/** Decides whether an action is possible in the current state of an environment. */
export function checkAction(action: EnvironmentAction, facts: ActionFacts): ActionVerdict {
  const leaving = refuseIfDestroyed(facts.status);
  if (leaving !== null) return leaving;
  if (action === 'rebuild') return DO;
  if (facts.status === 'pending' || (facts.status === 'failed' && !facts.hasLiveVersion)) {
    return refuse('No version of the environment has gone live yet. Check its latest deployment.');
  }
  switch (action) {
    case 'pause':
      return facts.desiredState === 'paused' && !facts.isAsleep ? SAME : DO;
    case 'resume':
      return facts.desiredState === 'running' && !facts.hasFailed ? SAME : DO;
    case 'reset':
      return checkReset(facts);
  }
}

function checkReset(facts: ActionFacts): ActionVerdict {
  if (!facts.hasDatabase) {
    return refuse(
      'The environment has no database. Turn on services.postgres in its project, then deploy again.',
    );
  }
  if (facts.isRestoring) {
    return refuse('A database backup is being restored. Wait until the environment is running again.');
  }
  // A request for it again is how to go on after a failure.
  if (facts.isResetting) return facts.hasFailed ? DO : SAME;
  if (['pausing', 'paused', 'resuming'].includes(facts.status) || facts.desiredState === 'paused') {
    return refuse(`The environment ${facts.isAsleep ? 'is asleep' : 'is paused'}. Resume it first.`);
  }
  return DO;
}
