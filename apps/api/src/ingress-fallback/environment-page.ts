import { type EnvironmentStatus } from '@nexos/domain';

/** How often the page of a waking environment reloads, in seconds. */
const REFRESH_SECONDS = 2;

/** Explains to a visitor why a host name leads nowhere at the moment. */
export interface Explanation {
  readonly status: 404 | 410 | 503;
  readonly title: string;
  readonly detail: string;
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

/** Explains why an environment does not answer, or why a host name has no environment. */
export function explain(status: EnvironmentStatus | null): Explanation {
  switch (status) {
    case null:
    case 'destroyed':
      return {
        status: 404,
        title: 'No environment here',
        detail:
          'There is no environment at this address. Check the address, or push the branch to create it.',
      };
    case 'destroying':
      return {
        status: 410,
        title: 'Environment being destroyed',
        detail: 'This environment is being destroyed.',
      };
    case 'paused':
      return {
        status: 503,
        title: 'Environment paused',
        detail: 'This environment is paused. Resume it in Nexos to use it.',
      };
    case 'failed':
      return {
        status: 503,
        title: 'Deployment failed',
        detail:
          'No version of this branch has gone live yet. See the log of its latest deployment for the reason.',
      };
    case 'pending':
      return {
        status: 503,
        title: 'Environment starting',
        detail: 'The first version of this branch is being built. Try again in a moment.',
      };
    case 'running':
      return {
        status: 503,
        title: 'Environment starting',
        detail: 'This environment is starting. Try again in a moment.',
      };
  }
}

/** Allows only inline styles: the pages load and run nothing. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Renders an explanation as a page. */
export function toHtml({ title, detail }: Explanation): string {
  return page(escapeHtml(title), `<p>${escapeHtml(detail)}</p>`);
}

/** Renders a page that reloads itself until the environment is up. */
export function toWaitingPage({ branch, project }: AwaitedEnvironment): string {
  return page(
    'Waking up',
    `<p>The environment of <b><bdi>${escapeHtml(branch)}</bdi></b> in <b><bdi>${escapeHtml(project)}</bdi></b> is
starting. This page reloads until it is ready.</p>`,
    `<meta http-equiv="refresh" content="${REFRESH_SECONDS}">`,
  );
}

function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">${head}<title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#222;
overflow-wrap:anywhere}</style></head>
<body><h1>${title}</h1>${body}</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
