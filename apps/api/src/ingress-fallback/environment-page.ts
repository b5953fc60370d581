import { isResuming } from '@nexos/domain';
import { type EnvironmentAtHost } from '@nexos/state';
import { escapeHtml, htmlPage } from '../http/html-page.js';

/** How often the page of a waking environment reloads, in seconds. */
const REFRESH_SECONDS = 2;
/** How often the page of an environment reloads that Nexos tries to start again. */
const RETRY_REFRESH_SECONDS = 10;

/** Explains to a visitor why a host name leads nowhere at the moment. */
export interface Explanation {
  readonly status: 404 | 410 | 503;
  readonly title: string;
  readonly detail: string;
  /** After how many seconds a page reloads, because the answer may change by itself. */
  readonly refreshSeconds?: number;
}

/** The environment that a visitor is waiting for. */
export interface AwaitedEnvironment {
  readonly branch: string;
  readonly project: string;
}

export const WAKING: Explanation = {
  status: 503,
  title: 'Environment waking up',
  detail: 'This environment was asleep and is starting. Try again in a moment.',
};

export const NO_ROOM: Explanation = {
  status: 503,
  title: 'Environment asleep',
  detail:
    'This environment is asleep, and its account has no capacity to wake it at the moment. Try again later, or ask its owner.',
};

export const STILL_ASLEEP: Explanation = {
  status: 503,
  title: 'Environment asleep',
  detail: 'This environment is asleep, and waking it takes longer than usual. Try again in a moment.',
  refreshSeconds: RETRY_REFRESH_SECONDS,
};

const ABSENT: Explanation = {
  status: 404,
  title: 'No environment here',
  detail: 'There is no environment at this address. Check the address, or push the branch to create it.',
};
const PAUSED: Explanation = {
  status: 503,
  title: 'Environment paused',
  detail: 'This environment is paused. Resume it in Nexos to use it.',
};
const STARTING: Explanation = {
  status: 503,
  title: 'Environment starting',
  detail: 'This environment is starting. Try again in a moment.',
};
const RETRIED: Explanation = {
  status: 503,
  title: 'Environment not started yet',
  detail: 'This environment could not be started so far. Nexos keeps trying; Nexos also shows the reason.',
  refreshSeconds: RETRY_REFRESH_SECONDS,
};

/** Explains why an environment does not answer, or why a host name has no environment. */
export function explain(environment: EnvironmentAtHost | null): Explanation {
  switch (environment?.status) {
    case undefined:
    case 'destroyed':
      return ABSENT;
    case 'destroying':
      return {
        status: 410,
        title: 'Environment being destroyed',
        detail: 'This environment is being destroyed.',
      };
    case 'pending':
      return {
        status: 503,
        title: 'Environment starting',
        detail: 'The first version of this branch is being built. Try again in a moment.',
      };
    case 'failed':
      return explainFailed(environment);
    case 'pausing':
    case 'paused':
    case 'resuming':
    case 'running':
      if (environment.desiredState === 'paused') return PAUSED;
      return environment.isRetried ? RETRIED : STARTING;
  }
}

function explainFailed(environment: EnvironmentAtHost): Explanation {
  if (!environment.hasLiveVersion) {
    return {
      status: 503,
      title: 'Deployment failed',
      detail:
        'No version of this branch has gone live yet. See the log of its latest deployment for the reason.',
    };
  }
  if (environment.isRetried) return RETRIED;
  if (isResuming(environment.status, environment)) return STARTING;
  return {
    status: 503,
    title: 'Environment failed to start',
    detail:
      'The app of this environment did not start. Nexos shows the reason; resume the environment to try again.',
  };
}

/** Allows only inline styles: the pages load and run nothing. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders an explanation as a page. */
export function toHtml({ title, detail, refreshSeconds }: Explanation): string {
  return htmlPage(title, `<p>${escapeHtml(detail)}</p>`, refreshSeconds);
}

/** Renders a page that reloads itself until the environment is up. */
export function toWaitingPage({ branch, project }: AwaitedEnvironment): string {
  return htmlPage(
    'Waking up',
    `<p>The environment of <b><bdi>${escapeHtml(branch)}</bdi></b> in <b><bdi>${escapeHtml(project)}</bdi></b> is
starting. This page reloads until it is ready.</p>`,
    REFRESH_SECONDS,
  );
}
