import { FAULT_POINTS, type FaultPoint } from '@nexos/config';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { expectAllGone, expectGone, expectPaused, expectWhole } from './fault-checks.js';
import { Subject } from './fault-subject.js';

/** What is done to an environment while a worker dies at a point. */
type Action =
  | 'the first rollout of a project'
  | 'the first rollout of a branch'
  | 'a rollout'
  | 'a rollout that fails'
  | 'a reset'
  | 'a restore'
  | 'the end of a backup'
  | 'a pause'
  | 'a resume'
  | 'a destroy'
  | 'the destroy of the last environment';

const BRANCH = 'the first rollout of a branch';
const LAST = 'the destroy of the last environment';

/** Every point, and the actions that come by it. */
const DRIVEN_BY: Record<FaultPoint, readonly [Action, ...Action[]]> = {
  'rollout.services-reserved': [BRANCH],
  'rollout.network-made': ['the first rollout of a project'],
  'rollout.ground-prepared': [BRANCH],
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
  'rollout.service-created': ['a rollout'],
  'rollout.healthy': ['a rollout'],
  'rollout.route-moved': ['a rollout'],
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
  'reset.expired-dropped': ['the end of a backup'],
  'destroy.route-gone': ['a destroy'],
  'destroy.services-removed': ['a destroy'],
  'destroy.hooks-removed': ['a destroy'],
  'destroy.images-given-up': ['a destroy'],
  'destroy.images-removed': ['a destroy'],
  'destroy.service-withdrawn': ['a destroy'],
  'destroy.all-withdrawn': ['a destroy'],
  'destroy.parts-forgotten': ['a destroy'],
  'destroy.shared-services-removed': [LAST],
  'destroy.volumes-removed': [LAST],
  'destroy.services-forgotten': [LAST],
  'destroy.ingress-disconnected': [LAST],
  'destroy.network-released': [LAST],
  'destroy.recorded': ['a destroy'],
  'pause.route-gone': ['a pause'],
  'pause.recorded': ['a pause'],
  'pause.scaled': ['a pause'],
  'pause.rested': ['a pause'],
  'resume.started': ['a resume'],
  'resume.healthy': ['a resume'],
  'resume.route-set': ['a resume'],
  'resume.recorded': ['a resume'],
  'job.begun': [BRANCH, 'a reset', 'a destroy'],
  'job.ended': ['a reset', 'a destroy'],
};

const CASES = FAULT_POINTS.flatMap((point) => DRIVEN_BY[point].map((action) => [action, point] as const));
/** One after the other, those that need what the other one leaves. */
const GROUPS: readonly (readonly Action[])[] = [
  ['a rollout'],
  ['a rollout that fails'],
  ['a reset', 'a restore'],
  ['the end of a backup'],
  ['a pause', 'a resume'],
  [BRANCH, 'a destroy'],
  ['the first rollout of a project', LAST],
];

function inTurn(actions: readonly Action[]): (readonly [Action, FaultPoint])[] {
  const lists = actions.map((action) => CASES.filter(([one]) => one === action));
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, n) => lists.flatMap((list) => list.slice(n, n + 1))).flat();
}

interface Scenario {
  /** Brings about what the action begins with, with a worker that does not die. */
  readonly given: () => Promise<Subject>;
  readonly act: (subject: Subject) => Promise<void>;
  readonly holds: (subject: Subject) => Promise<void>;
}

describe('a lifecycle worker that dies', () => {
  let nexos: NexosStack;
  let main: Subject;
  let branch: Subject | undefined;
  let lone: Subject | undefined;
  let branches = 0;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), {
      env: { LEASE_MS: '2000', SWEEP_MS: '300', DRAIN_MS: '200', QUEUE_STALLED_MS: '500' },
    });
    main = await Subject.inNewProject(nexos);
    await main.deploy();
  });
  afterAll(() => nexos.stop());

  const isWhole = (subject: Subject) => expectWhole(nexos, subject);
  const statusOf = async ({ id }: Subject) =>
    (await nexos.api.get<Environment>(`/environments/${id}`)).status;
  const running = async () => {
    if ((await statusOf(main)) === 'paused') await main.act('resume');
    await main.untilSettled('running');
    await main.writeNote();
    return main;
  };
  const withBackup = async () => {
    await running();
    if (main.aside.length === 0) await main.reset();
    return running();
  };
  const goesLive = async (subject: Subject) => {
    await isWhole(subject);
    await subject.writeNote();
  };

  const scenarios: Record<Action, Scenario> = {
    'the first rollout of a project': {
      given: async () => (lone = await Subject.inNewProject(nexos)),
      act: (subject) => subject.push(),
      holds: goesLive,
    },
    [BRANCH]: {
      given: () => Promise.resolve((branch = main.onAnotherBranch(`topic-${++branches}`))),
      act: (subject) => subject.push(),
      holds: goesLive,
    },
    'a rollout': { given: running, act: (subject) => subject.push(), holds: isWhole },
    'a rollout that fails': { given: running, act: (subject) => subject.pushFailing(), holds: isWhole },
    'a reset': { given: running, act: (subject) => subject.reset(), holds: isWhole },
    'a restore': { given: withBackup, act: (subject) => subject.restore(), holds: isWhole },
    'the end of a backup': { given: withBackup, act: (subject) => subject.expireBackups(), holds: isWhole },
    'a pause': {
      given: running,
      act: (subject) => subject.act('pause'),
      holds: (subject) => expectPaused(nexos, subject),
    },
    'a resume': {
      given: async () => {
        if ((await statusOf(main)) !== 'paused') await (await running()).act('pause');
        await main.untilSettled('paused');
        return main;
      },
      act: (subject) => subject.act('resume'),
      holds: isWhole,
    },
    'a destroy': {
      given: async () => {
        await running();
        if (branch === undefined) await (branch = main.onAnotherBranch(`topic-${++branches}`)).deploy();
        return branch;
      },
      act: (subject) => subject.act('destroy'),
      holds: async (subject) => {
        branch = undefined;
        await expectGone(nexos, subject, main);
      },
    },
    [LAST]: {
      given: async () => {
        if (lone === undefined) await (lone = await Subject.inNewProject(nexos)).deploy();
        return lone;
      },
      act: (subject) => subject.act('destroy'),
      holds: async (subject) => {
        lone = undefined;
        await expectAllGone(nexos, subject);
      },
    },
  };

  it.each(GROUPS.flatMap(inTurn))(
    'in %s at %s is followed by one that comes to the same end',
    async (action, point) => {
      const { given, act, holds } = scenarios[action];
      const subject = await given();
      await nexos.app('lifecycle').end('SIGKILL');
      const doomed = nexos.another('lifecycle', { NEXOS_FAULT_POINT: point });
      doomed.start();
      try {
        await act(subject);
        expect(await doomed.untilEnded(120_000)).toBe('SIGKILL');
      } finally {
        await doomed.end('SIGKILL');
        nexos.app('lifecycle').start();
      }
      await holds(subject);
    },
  );

  it('after on_new, and is followed by one that is to start another version, has it run once', async () => {
    const subject = main.onAnotherBranch(`topic-${++branches}`);
    await nexos.app('lifecycle').end('SIGKILL');
    const doomed = nexos.another('lifecycle', { NEXOS_FAULT_POINT: 'rollout.on_new-ended' });
    doomed.start();
    try {
      await subject.push();
      expect(await doomed.untilEnded(120_000)).toBe('SIGKILL');
      await subject.push();
      await eventually('the next version to be built', async () => {
        const { latest_deployment_id: id } = await nexos.api.get<Environment>(`/environments/${subject.id}`);
        return (await nexos.api.deployment(id ?? '')).status === 'deploying' ? true : undefined;
      });
    } finally {
      await doomed.end('SIGKILL');
      nexos.app('lifecycle').start();
    }
    expect(subject.database.hooks).toEqual(['deploy', 'new', 'deploy']);
    await goesLive(subject);
  });

  it('does so only where it was told a point that there is', async () => {
    const confused = nexos.another('lifecycle', { NEXOS_FAULT_POINT: 'rollout.nowhere' });
    confused.start();
    expect(await confused.untilEnded()).toBe(78);
  });
});
