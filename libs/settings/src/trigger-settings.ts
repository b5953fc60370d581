import type { Setting } from './setting.js';
import { DEPLOY_ON, FORKS, LABEL } from './setting-rules.js';

const MAX_GLOBS = 50;

/** The settings for what deploys a branch. */
export const TRIGGER_SETTINGS = {
  auto_deploy: {
    kind: 'boolean',
    column: 'autoDeploy',
    default: true,
    title: 'Deploy pushes',
    description: 'Whether pushes are deployed automatically.',
    examples: [true],
  },
  deploy_on: {
    ...DEPLOY_ON,
    column: 'deployOn',
    default: 'push',
    title: 'Deploy on',
    description:
      'What deploys a branch: push means every push; pull_request means only while the branch has an open pull request, and closing it destroys the environment.',
    examples: ['pull_request'],
  },
  'pull_requests.label': {
    ...LABEL,
    column: 'pullRequestLabel',
    nullable: true,
    default: null,
    title: 'Label',
    description: 'With deploy_on pull_request: only pull requests with this label. Null: all.',
    examples: ['preview'],
  },
  'pull_requests.drafts': {
    kind: 'boolean',
    column: 'pullRequestDrafts',
    default: false,
    title: 'Drafts',
    description: 'With deploy_on pull_request: whether drafts are deployed too.',
    examples: [true],
  },
  'pull_requests.forks': {
    ...FORKS,
    column: 'pullRequestForks',
    default: 'never',
    title: 'Forks',
    description:
      'Whether pull requests of forks are deployed: never, or approved, which means each commit that somebody with write access approved in a review, without secrets.',
    examples: ['approved'],
  },
  'branch_filter.include': {
    kind: 'globs',
    atMost: MAX_GLOBS,
    column: 'branchInclude',
    default: [],
    title: 'Included branches',
    description: 'Globs of the branches whose pushes are deployed. An empty list means all branches.',
    examples: [['main', 'feature/*']],
  },
  'branch_filter.exclude': {
    kind: 'globs',
    atMost: MAX_GLOBS,
    column: 'branchExclude',
    default: [],
    title: 'Excluded branches',
    description: 'Globs of the branches whose pushes are not deployed, even if they are included.',
    examples: [['dependabot/**']],
  },
} as const satisfies Record<string, Setting>;
