import type { Guard, JobEnd, OneOffJobs, OneOffJobSpec, OneOffRun, Owner } from '@nexos/engine';
import type { InMemoryEngine } from './in-memory-engine.js';

/** The public surface of `OneOffJobs` that hooks and services use. A job ends as soon as it begins. */
export class FakeOneOffJobs implements Pick<OneOffJobs, 'run' | 'removeAll' | 'listSucceeded'> {
  constructor(private readonly engine: InMemoryEngine) {}

  /** Like the real one, returns the end of a job of the same run that someone else began. */
  async run(spec: OneOffJobSpec, work: Parameters<OneOffJobs['run']>[1]): Promise<JobEnd> {
    const same = this.engine.jobs.find(
      ({ spec: left }) => left.ownerId === spec.ownerId && left.kind === spec.kind && left.run === spec.run,
    );
    if (same !== undefined) return same.end;
    await this.engine.change(`run ${spec.kind}`, work.guard ?? (() => Promise.resolve()));
    work.signal.throwIfAborted();
    const end = this.engine.jobEnds(spec);
    if (work.isKept === true) this.engine.jobs.push({ spec, end });
    return end;
  }

  async removeAll(
    owner: Owner,
    guard: Guard,
    _signal: AbortSignal,
    spared?: { readonly deploymentId: string; readonly run: string },
  ): Promise<void> {
    const isSpared = ({ owner: { deploymentId }, run }: OneOffJobSpec) =>
      deploymentId === spared?.deploymentId && run === spared?.run;
    for (const job of this.of(owner).filter(({ spec }) => !isSpared(spec))) {
      await this.engine.change(`remove ${job.spec.kind}`, guard);
      this.engine.jobs = this.engine.jobs.filter((other) => other !== job);
    }
  }

  listSucceeded(owner: Owner, { kind, run }: Pick<OneOffRun, 'kind' | 'run'>): Promise<string[]> {
    const found = this.of(owner).filter(
      ({ spec, end }) => spec.kind === kind && spec.run === run && end.kind === 'exited' && end.code === 0,
    );
    return Promise.resolve(found.flatMap(({ spec }) => spec.owner.deploymentId ?? []));
  }

  private of({ environmentId }: Owner) {
    return this.engine.jobs.filter(({ spec }) => spec.owner.environmentId === environmentId);
  }
}
