import { DeploymentFailure } from '@nexos/domain';
import { BuildStoppedError, RegistryFailure } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import { BuildSlots } from '../builds/build-slots.js';
import type { BuildTask } from '../builds/build-task.js';
import { TaggedLog } from '../builds/tagged-log.js';

/** The build of one container's image, and of what belongs to it. */
export interface ContainerBuild {
  readonly container: string;
  readonly run: (task: BuildTask) => Promise<void>;
}

/** Builds the images of a deployment's containers at the same time, as far as the builder has slots. */
@Injectable()
export class ContainerBuilds {
  constructor(private readonly slots: BuildSlots) {}

  /**
   * Runs builds; the first that fails stops the others. With several, each line of the log is tagged with its container, and
   * so is the failure.
   *
   * @returns once all have ended
   * @throws the first failure; when the task is stopped, what a build says that was running
   */
  async run(task: BuildTask, builds: readonly ContainerBuild[]): Promise<void> {
    const failed = new AbortController();
    const stopped: unknown[] = [];
    const signal = AbortSignal.any([task.signal, failed.signal]);
    const guard = async () => {
      signal.throwIfAborted();
      await task.guard();
    };
    const runs = builds.map(async ({ container, run }) => {
      const log = builds.length > 1 ? new TaggedLog(task.log, container) : task.log;
      const stop = (error: unknown) => {
        const named = builds.length > 1 ? withName(container, error) : error;
        if (task.signal.aborted) stopped.push(named);
        else failed.abort(named);
      };
      // Before the slot is free for another that waits.
      const build = () => run({ ...task, log, signal, guard }).catch(stop);
      await this.slots.run(task.deployment.id, signal, build).catch(stop);
    });
    await Promise.all(runs);
    failed.signal.throwIfAborted();
    if (task.signal.aborted) throw stopped.find(isTelling) ?? task.signal.reason;
  }
}

/** Returns whether an error says more than that everything was stopped. */
function isTelling(error: unknown): boolean {
  return error instanceof BuildStoppedError || error instanceof DeploymentFailure;
}

function withName(container: string, error: unknown): unknown {
  if (error instanceof RegistryFailure) return error.of(container);
  if (error instanceof DeploymentFailure)
    return new DeploymentFailure(error.code, `${container}: ${error.message}`, { cause: error });
  if (!(error instanceof BuildStoppedError)) return error;
  const { cause, step, pull } = error;
  const of = step === null ? null : `${step} of the container ${container}`;
  return new BuildStoppedError(cause, of, pull?.of(container) ?? null);
}
