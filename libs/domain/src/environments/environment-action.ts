import type { DesiredState, EnvironmentStatus } from './environment-state.js';

/** What can be asked of an environment beside a deployment. */
export type EnvironmentAction = 'pause' | 'resume' | 'reset' | 'rebuild';

export interface ActionFacts {
  readonly status: EnvironmentStatus;
  readonly desiredState: DesiredState;
  /** A reset was asked for and has not been brought about yet. */
  readonly isResetting: boolean;
  /** What was asked for is an older database. */
  readonly isRestoring: boolean;
  /** It is to be paused because nobody used it, and not because somebody asked for it. */
  readonly isAsleep: boolean;
  /** It has a database. */
  readonly hasDatabase: boolean;
}

/** `same`: what is asked for is under way or has happened; nothing is changed. */
export type ActionVerdict =
  { readonly kind: 'do' } | { readonly kind: 'same' } | { readonly kind: 'refuse'; readonly because: string };

const DO: ActionVerdict = { kind: 'do' };
const SAME: ActionVerdict = { kind: 'same' };
const refuse = (because: string): ActionVerdict => ({ kind: 'refuse', because });

/** Why nothing can be done any more with an environment that is on its way out; null where it is not. */
export function judgeLeaving(status: EnvironmentStatus): ActionVerdict | null {
  if (status === 'destroyed') return refuse('The environment was destroyed.');
  return status === 'destroying' ? refuse('The environment is being destroyed.') : null;
}

/** Decides what an action comes to in the state that an environment is in. */
export function judgeAction(action: EnvironmentAction, facts: ActionFacts): ActionVerdict {
  const leaving = judgeLeaving(facts.status);
  if (leaving !== null) return leaving;
  if (action === 'rebuild') return DO;
  if (facts.status === 'pending' || facts.status === 'failed') {
    return refuse('No version of the environment has come up yet.');
  }
  switch (action) {
    case 'pause':
      return facts.desiredState === 'paused' && !facts.isAsleep ? SAME : DO;
    case 'resume':
      return facts.desiredState === 'running' ? SAME : DO;
    case 'reset':
      return judgeReset(facts);
  }
}

function judgeReset(facts: ActionFacts): ActionVerdict {
  if (!facts.hasDatabase) {
    return refuse(
      'The environment has no database: turn on services.postgres of its project and deploy again.',
    );
  }
  if (facts.isRestoring) {
    return refuse(
      'An older database is just being brought back. Wait until the environment is running again.',
    );
  }
  if (facts.isResetting) return SAME;
  if (facts.status === 'paused' || facts.desiredState === 'paused') {
    return refuse(`The environment ${facts.isAsleep ? 'sleeps' : 'is paused'}. Resume it first.`);
  }
  return DO;
}
