import type { FaultPoint } from '@nexos/config';
import { expect } from 'vitest';
import type { TestSystem } from '../../support/global-setup.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { quotaDrift } from '../../support/nexos/quota-drift.js';
import { expectAllGone, expectFailed, expectGone, expectPaused, expectIntact } from './checks.js';
import { BRANCH, LAST, RESUME_SEVERAL, SEVERAL, type Action } from './points.js';
import { Subject } from './subject.js';

interface Scenario {
  /** Prepares the state that the action begins with, with a worker that does not crash. */
  readonly given: () => Promise<Subject>;
  readonly act: (subject: Subject) => Promise<void>;
  readonly holds: (subject: Subject) => Promise<void>;
}

/** An installation whose lifecycle worker crashes at fault points, and the environments that it works on. */
export class Stage {
  private branch: Subject | undefined;
  private lone: Subject | undefined;
  private broken: Subject | undefined;
  private several: Subject | undefined;
  private branches = 0;
  private readonly scenarios = this.describe();

  private constructor(
    readonly nexos: NexosStack,
    private readonly main: Subject,
  ) {}

  static async start(system: TestSystem): Promise<Stage> {
    const nexos = await NexosStack.start(system, {
      env: { LEASE_MS: '2000', SWEEP_MS: '300', DRAIN_MS: '200', QUEUE_STALLED_MS: '500' },
      takeVariables: ['lifecycle'],
    });
    const main = await Subject.inNewProject(nexos);
    await main.deploy();
    return new Stage(nexos, main);
  }

  /** Begins the action with a worker that crashes at the point, and expects another one to complete it. */
  async recovers(action: Action, point: FaultPoint): Promise<void> {
    const { given, act, holds } = this.scenarios[action];
    const subject = await given();
    await this.withCrashingWorker(point, () => act(subject));
    await holds(subject);
  }

  /** Removes everything; fails if usage does not match its recomputation by now. */
  async stop(): Promise<void> {
    const drift = await quotaDrift(this.nexos);
    await this.nexos.stop();
    expect(drift).toEqual([]);
  }

  /** Lets the worker crash at the point, and starts it again after `meanwhile`. */
  async withCrashingWorker(
    point: FaultPoint,
    begin: () => Promise<void>,
    meanwhile?: () => Promise<void>,
  ): Promise<void> {
    const worker = this.nexos.app('lifecycle');
    await worker.setVariables({ NEXOS_FAULT_POINT: point });
    try {
      await begin();
      expect(await worker.waitForExit()).toBe('SIGKILL');
      await meanwhile?.();
    } finally {
      await worker.stop('SIGKILL');
      worker.start();
    }
  }

  newBranch(): Subject {
    return this.main.onAnotherBranch(`topic-${++this.branches}`);
  }

  async goesLive(subject: Subject): Promise<void> {
    await expectIntact(this.nexos, subject);
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
    if (main.backups.length === 0) await main.reset();
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

  /** Returns an environment whose image is gone, so that it cannot resume. */
  private async withoutImage(): Promise<Subject> {
    if (this.broken !== undefined) return this.broken;
    const { nexos } = this;
    await this.running();
    const broken = (this.broken = this.newBranch());
    await broken.deploy();
    await broken.act('pause');
    await broken.untilSettled('paused');
    const { images } = await nexos.engineResources(`dev.nexos.environment=${broken.id}`);
    for (const image of images) await nexos.removeImage(image);
    return broken;
  }

  /** Returns an environment of several containers with this status. */
  private async withSeveral(status: 'running' | 'paused'): Promise<Subject> {
    if (this.several === undefined) {
      await this.running();
      this.several = this.main.onAnotherBranch('several', true);
      await this.several.deploy();
    }
    if ((await this.statusOf(this.several)) !== status)
      await this.several.act(status === 'paused' ? 'pause' : 'resume');
    await this.several.untilSettled(status);
    return this.several;
  }

  private async alone(): Promise<Subject> {
    if (this.lone === undefined) await (this.lone = await Subject.inNewProject(this.nexos)).deploy();
    return this.lone;
  }

  private describe(): Record<Action, Scenario> {
    const running = () => this.running();
    const withBackup = () => this.withBackup();
    const isIntact = (subject: Subject) => expectIntact(this.nexos, subject);
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
      'a rollout': { given: running, act: (subject) => subject.push(), holds: isIntact },
      'a rollout that fails': { given: running, act: (subject) => subject.pushFailing(), holds: isIntact },
      [SEVERAL]: {
        given: () => this.withSeveral('running'),
        act: (subject) => subject.push(),
        holds: isIntact,
      },
      [RESUME_SEVERAL]: {
        given: () => this.withSeveral('paused'),
        act: (subject) => subject.act('resume'),
        holds: isIntact,
      },
      'a reset': { given: running, act: (subject) => subject.reset(), holds: isIntact },
      'a restore': { given: withBackup, act: (subject) => subject.restore(), holds: isIntact },
      'the expiry of a backup': {
        given: withBackup,
        act: (subject) => subject.expireBackups(),
        holds: isIntact,
      },
      'a pause': {
        given: running,
        act: (subject) => subject.act('pause'),
        holds: (subject) => expectPaused(this.nexos, subject),
      },
      'a resume': {
        given: () => this.paused(),
        act: (subject) => subject.act('resume'),
        holds: isIntact,
      },
      'a resume that fails': {
        given: () => this.withoutImage(),
        act: (subject) => subject.act('resume'),
        holds: (subject) => expectFailed(this.nexos, subject, 'image_missing'),
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
