import type { Setting } from './setting.js';

/** What GitHub is told, a part of the table of settings. */
export const GITHUB_SETTINGS = {
  'github.checks': {
    kind: 'boolean',
    column: 'githubChecks',
    default: true,
    title: 'Checks',
    description: 'Whether each deployment is a check of its commit on GitHub. Applies to later deployments.',
    examples: [false],
  },
  'github.deployments': {
    kind: 'boolean',
    column: 'githubDeployments',
    default: true,
    title: 'Deployments',
    description: 'Whether each deployment is shown as a deployment on GitHub. Applies to later deployments.',
    examples: [false],
  },
  'github.comments': {
    kind: 'boolean',
    column: 'githubComments',
    default: true,
    title: 'Comments',
    description: 'Whether a comment on the pull requests of a branch shows its environment.',
    examples: [false],
  },
} as const satisfies Record<string, Setting>;
