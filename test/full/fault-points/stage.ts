import type { FaultPoint } from '@nexos/config';
import { expect } from 'vitest';
import type { TestSystem } from '../../support/global-setup.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { expectAllGone, expectGone, expectPaused, expectWhole } from './checks.js';
import { BRANCH, LAST, type Action } from './points.js';
import { Subject } from './subject.js';

interface Scenario {
  /** Brings about what the action begins with, with a worker that does not die. */
  readonly given: () => Promise<Subject>;
  readonly act: (subject: Subject) => Promise<void>;
  readonly holds: (subject: Subject) => Promise<void>;
}

/** An installation whose lifecycle worker dies at fault points, and the environments that this happens to. */
export class Stage {
  private branch: Subject | undefined;
  private lone: Subject | undefined;
  private branches = 0;
  private readonly scenarios = this.describe();

  private constructor(
    readonly nexos: NexosStack,
    private readonly main: Subject,
  ) {}

  static async set(system: TestSystem): Promise<Stage> {
    const nexos = await NexosStack.start(system, {
      env: { LEASE_MS: '2000', SWEEP_MS: '300', DRAIN_MS: '200', QUEUE_STALLED_MS: '500' },
    });
    const main = await Subject.inNewProject(nexos);
    await main.deploy();
    return new Stage(nexos, main);
  }

  /** The action is begun by a worker that dies at the point, and comes to its end all the same. */
  async dies(action: Action, point: FaultPoint): Promise<void> {
    const { given, act, holds } = this.scenarios[action];
    const subject = await given();
    await this.withDoomedWorker(point, () => act(subject));
    await holds(subject);
  }

  /** Has a worker die at the point, and another one follow it once this is done. */
  async withDoomedWorker(
    point: FaultPoint,
    begin: () => Promise<void>,
    meanwhile?: () => Promise<void>,
  ): Promise<void> {
    const { nexos } = this;
    await nexos.app('lifecycle').end('SIGKILL');
    const doomed = nexos.another('lifecycle', { NEXOS_FAULT_POINT: point });
    doomed.start();
    try {
      await begin();
      expect(await doomed.untilEnded(120_000)).toBe('SIGKILL');
      await meanwhile?.();
    } finally {
      await doomed.end('SIGKILL');
      nexos.app('lifecycle').start();
    }
  }

  newBranch(): Subject {
    return this.main.onAnotherBranch(`topic-${++this.branches}`);
  }

  async goesLive(subject: Subject): Promise<void> {
    await expectWhole(this.nexos, subject);
    await subject.writeNote();
  }

  private async statusOf({ id }: Subject): Promise<string> {
    return (await this.nexos.api.get<Environment>(`/environments/${id}`)).status;
  }

  private async running(): Promise<Subject> {
    const { main } = this;
    if ((await this.statusOf(main)) === 'paused') await main.act('resume');
    await main.untilSettled('running');
    await main.writeNote();
    return main;
  }

  private async withBackup(): Promise<Subject> {
    const main = await this.running();
    if (main.aside.length === 0) await main.reset();
    return this.running();
  }

  private async paused(): Promise<Subject> {
    if ((await this.statusOf(this.main)) !== 'paused') await (await this.running()).act('pause');
    await this.main.untilSettled('paused');
    return this.main;
  }

  private async besideMain(): Promise<Subject> {
    await this.running();
    if (this.branch === undefined) await (this.branch = this.newBranch()).deploy();
    return this.branch;
  }

  private async alone(): Promise<Subject> {
    if (this.lone === undefined) await (this.lone = await Subject.inNewProject(this.nexos)).deploy();
    return this.lone;
  }

  private describe(): Record<Action, Scenario> {
    const running = () => this.running();
    const withBackup = () => this.withBackup();
    const isWhole = (subject: Subject) => expectWhole(this.nexos, subject);
    const goesLive = (subject: Subject) => this.goesLive(subject);
    return {
      'the first rollout of a project': {
        given: async () => (this.lone = await Subject.inNewProject(this.nexos)),
        act: (subject) => subject.push(),
        holds: goesLive,
      },
      [BRANCH]: {
        given: () => Promise.resolve((this.branch = this.newBranch())),
        act: (subject) => subject.push(),
        holds: goesLive,
      },
      'a rollout': { given: running, act: (subject) => subject.push(), holds: isWhole },
      'a rollout that fails': { given: running, act: (subject) => subject.pushFailing(), holds: isWhole },
      'a reset': { given: running, act: (subject) => subject.reset(), holds: isWhole },
      'a restore': { given: withBackup, act: (subject) => subject.restore(), holds: isWhole },
      'the end of a backup': {
        given: withBackup,
        act: (subject) => subject.expireBackups(),
        holds: isWhole,
      },
      'a pause': {
        given: running,
        act: (subject) => subject.act('pause'),
        holds: (subject) => expectPaused(this.nexos, subject),
      },
      'a resume': {
        given: () => this.paused(),
        act: (subject) => subject.act('resume'),
        holds: isWhole,
      },
      'a destroy': {
        given: () => this.besideMain(),
        act: (subject) => subject.act('destroy'),
        holds: async (subject) => {
          this.branch = undefined;
          await expectGone(this.nexos, subject, this.main);
        },
      },
      [LAST]: {
        given: () => this.alone(),
        act: (subject) => subject.act('destroy'),
        holds: async (subject) => {
          this.lone = undefined;
          await expectAllGone(this.nexos, subject);
        },
      },
    };
  }
}
