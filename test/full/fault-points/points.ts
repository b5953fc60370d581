import { LIFECYCLE_FAULT_POINTS, type LifecycleFaultPoint } from '@nexos/config';
import { sample } from '../../support/scale.js';

/** An action on an environment during which a worker crashes at a fault point. */
export type Action =
  | 'the first rollout of a project'
  | 'the first rollout of a branch'
  | 'a rollout'
  | 'a rollout that fails'
  | 'a rollout of several containers'
  | 'a reset'
  | 'a restore'
  | 'the expiry of a backup'
  | 'a pause'
  | 'a resume'
  | 'a resume that fails'
  | 'a resume of several containers'
  | 'a destroy'
  | 'the destroy of the last environment';

export const SEVERAL = 'a rollout of several containers';
export const RESUME_SEVERAL = 'a resume of several containers';
export const BRANCH = 'the first rollout of a branch';
export const LAST = 'the destroy of the last environment';

/** The actions that reach each fault point. */
const DRIVEN_BY: Record<LifecycleFaultPoint, readonly [Action, ...Action[]]> = {
  'rollout.services-reserved': [BRANCH],
  'rollout.network-made': ['the first rollout of a project'],
  'rollout.network-prepared': [BRANCH],
  'rollout.service-placed': ['the first rollout of a project'],
  'rollout.service-started': ['the first rollout of a project'],
  'rollout.provisioned': [BRANCH],
  'rollout.provisioning-recorded': [BRANCH],
  'rollout.seed-running': [BRANCH],
  'rollout.seed-ended': [BRANCH],
  'rollout.on_deploy-running': ['a rollout'],
  'rollout.on_deploy-ended': ['a rollout'],
  'rollout.on_new-running': [BRANCH, 'a reset'],
  'rollout.on_new-ended': [BRANCH, 'a reset'],
  'rollout.hooks-recorded': [BRANCH],
  'rollout.service-created': ['a rollout', SEVERAL],
  'rollout.healthy': ['a rollout'],
  'rollout.route-moved': ['a rollout', SEVERAL],
  'rollout.committed': ['a rollout'],
  'rollout.failed': ['a rollout that fails'],
  'rollout.old-service-removed': ['a rollout'],
  'rollout.hooks-removed': ['a rollout'],
  'rollout.old-images-given-up': ['a rollout'],
  'rollout.tidied': ['a rollout'],
  'reset.backup-recorded': ['a reset'],
  'reset.database-swapped': ['a reset', 'a restore'],
  'reset.recorded': ['a reset', 'a restore'],
  'reset.hooks-ended': ['a reset'],
  'reset.hooks-recorded': ['a reset'],
  'reset.expired-dropped': ['the expiry of a backup'],
  'destroy.route-gone': ['a destroy'],
  'destroy.services-removed': ['a destroy'],
  'destroy.hooks-removed': ['a destroy'],
  'destroy.images-given-up': ['a destroy'],
  'destroy.images-removed': ['a destroy'],
  'destroy.version-networks-removed': ['a destroy'],
  'destroy.service-deprovisioned': ['a destroy'],
  'destroy.all-deprovisioned': ['a destroy'],
  'destroy.parts-forgotten': ['a destroy'],
  'destroy.shared-services-removed': [LAST],
  'destroy.volumes-removed': [LAST],
  'destroy.services-forgotten': [LAST],
  'destroy.relay-removed': [LAST],
  'destroy.network-released': [LAST],
  'destroy.recorded': ['a destroy'],
  'pause.route-gone': ['a pause'],
  'pause.begun': ['a pause'],
  'pause.scaled': ['a pause'],
  'pause.stopped': ['a pause'],
  'pause.recorded': ['a pause'],
  'pause.rested': ['a pause'],
  'resume.begun': ['a resume'],
  'resume.started': ['a resume', RESUME_SEVERAL],
  'resume.healthy': ['a resume'],
  'resume.route-set': ['a resume'],
  'resume.recorded': ['a resume'],
  'resume.stopped': ['a resume that fails'],
  'resume.failed-route-gone': ['a resume that fails'],
  'resume.failed': ['a resume that fails'],
  'job.begun': [BRANCH, 'a reset', 'a destroy'],
  'job.ended': ['a reset', 'a destroy'],
};

const CASES = LIFECYCLE_FAULT_POINTS.flatMap((point) =>
  DRIVEN_BY[point].map((action) => [action, point] as const),
);
const SHORT_FORM_HAS_EVERY = 6;
/** The actions of each test file. Those grouped together alternate, as each needs what the other leaves. */
const GROUPS = {
  rollouts: [
    ['a rollout'],
    ['a rollout that fails'],
    ['a pause', 'a resume'],
    ['a resume that fails'],
    [SEVERAL],
    [RESUME_SEVERAL],
  ],
  branches: [[BRANCH, 'a destroy']],
  databases: [['a reset', 'a restore'], ['the expiry of a backup'], ['the first rollout of a project', LAST]],
} as const satisfies Record<string, readonly (readonly Action[])[]>;
type Grouped = (typeof GROUPS)[keyof typeof GROUPS][number][number];

/** Returns the cases of one file. Compiles only if every action belongs to a file. */
export function casesOf(file: [Action] extends [Grouped] ? keyof typeof GROUPS : never) {
  return GROUPS[file].flatMap(alternating);
}

function alternating(actions: readonly Action[]): (readonly [Action, LifecycleFaultPoint])[] {
  // The short form has each action, at some of its points.
  const lists = actions.map((action) =>
    sample(
      CASES.filter(([one]) => one === action),
      SHORT_FORM_HAS_EVERY,
    ),
  );
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
}
