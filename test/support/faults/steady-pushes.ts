import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../eventually.js';
import { smallApp } from '../nexos/app-source.js';
import type { NexosStack } from '../nexos/nexos-stack.js';
import type { TestProject } from '../nexos/test-project.js';

/** Every n-th push fails to build. */
const BAD_EVERY = 4;
const BRANCH = 'main';

/** A push whose delivery Nexos has accepted. */
export interface AcceptedPush {
  readonly project: TestProject;
  readonly sha: string;
  /** What its version answers; null when its image cannot be built. */
  readonly text: string | null;
}

/** Pushes to projects at a steady rate, as teams do. A delivery that is not accepted is delivered again until it is. */
export class SteadyPushes {
  readonly accepted: AcceptedPush[] = [];
  private readonly stopping = new AbortController();
  private readonly loops: Promise<void>[];

  /** @param everyMs the pause between the pushes of one project */
  constructor(
    private readonly nexos: NexosStack,
    private readonly projects: readonly TestProject[],
    private readonly everyMs: number,
  ) {
    this.loops = projects.map((project, n) => this.loop(project, (n * everyMs) / projects.length));
  }

  /** Waits until each project has had another push accepted, from now on. */
  async another(): Promise<void> {
    const before = new Map(this.projects.map((project) => [project, this.countOf(project)]));
    await eventually('another push of each project to be accepted', () =>
      Promise.resolve(
        this.projects.every((project) => this.countOf(project) > (before.get(project) ?? 0)) || undefined,
      ),
    );
  }

  /** Ends with a push of each project that can be built. */
  async finish(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.loops);
    await Promise.all(this.projects.map((project) => this.push(project, true)));
  }

  private countOf(project: TestProject): number {
    return this.accepted.filter((push) => push.project === project).length;
  }

  private async loop(project: TestProject, delayMs: number): Promise<void> {
    const { signal } = this.stopping;
    const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined);
    await pause(delayMs);
    for (let number = 1; !signal.aborted; number++) {
      await this.push(project, number % BAD_EVERY !== 0);
      await pause(this.everyMs);
    }
  }

  private async push(project: TestProject, isGood: boolean): Promise<void> {
    const text = `${project.fullName} ${randomUUID()}`;
    const files = isGood ? smallApp(text) : { Dockerfile: `FROM nexos-local/debian:bookworm\nRUN exit 3\n` };
    const sha = await project.commit({ ...files, version: text }, BRANCH);
    const payload = project.payloadOf(BRANCH, sha);
    const id = randomUUID();
    await eventually(
      `the push of ${text} to be accepted`,
      async () => {
        const response = await this.nexos.webhooks.send('push', payload, { id }).catch(() => null);
        await response?.arrayBuffer();
        return response?.status === 202 ? true : undefined;
      },
      { everyMs: 200 },
    );
    this.accepted.push({ project, sha, text: isGood ? text : null });
  }
}
