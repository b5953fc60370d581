import type { EnvironmentStatus } from '@nexos/domain';

/** What a visitor is told who reached a name that leads nowhere at the moment. */
export interface Explanation {
  readonly status: 404 | 410 | 503;
  readonly title: string;
  readonly detail: string;
}

/** Why there is no answer from an environment, or from a name that no environment has. */
export function explain(status: EnvironmentStatus | null): Explanation {
  switch (status) {
    case null:
    case 'destroyed':
      return { status: 404, title: 'No environment here', detail: 'No environment answers at this address.' };
    case 'destroying':
      return { status: 410, title: 'Environment removed', detail: 'This environment is being removed.' };
    case 'paused':
      return {
        status: 503,
        title: 'Environment paused',
        detail: 'This environment is paused. Resume it to use it.',
      };
    case 'failed':
      return {
        status: 503,
        title: 'Deployment failed',
        detail: 'No version of this branch has come up yet. The log of its latest deployment says why.',
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
        detail: 'This environment is coming up. Try again in a moment.',
      };
  }
}

/** The explanation as a page that needs nothing else; it holds no text of a user's, so nothing to escape. */
export function toHtml({ title, detail }: Explanation): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:20vh auto;padding:0 1rem;color:#222}</style></head>
<body><h1>${title}</h1><p>${detail}</p></body>
</html>
`;
}
