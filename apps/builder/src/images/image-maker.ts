import { type DeployableImage, DeploymentsRepository } from '@nexos/state';
import {
  APP_CONTAINER,
  assertReferences,
  settleAll,
  DeploymentFailure,
  injectedNames,
  isForkBranch,
  isDiskFull,
} from '@nexos/domain';
import { type DeploymentSettings } from '@nexos/settings';
import { Engine, ImagePusher, Images } from '@nexos/engine';
import { RepositoryMirror } from '@nexos/git';
import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { BuildCacheKeeper } from '../cache/build-cache-keeper.js';
import { BuildLostError } from '../builds/build-lease.js';
import type { BuildTask } from '../builds/build-task.js';
import { CommittedConfig } from '../builds/committed-config.js';
import { SkipMarks } from '../builds/skip-marks.js';
import { WatchedChanges } from '../builds/watched-changes.js';
import { FreeSpace } from '../cache/free-space.js';
import { BuildInputsReader } from './build-inputs.js';
import { ContainerBuilds } from './container-builds.js';
import { appSource, hookSource, imagesOf, type ImageSource, sourcesOf } from './container-images.js';
import { ExposedPort } from './exposed-port.js';
import { ImageLimits, type NewImage } from './image-limits.js';
import { HostRetries } from './host-retries.js';
import { SeedMaker } from './seed-maker.js';
import { SourceBuilder } from './source-builder.js';
import { SubmoduleAccess } from '../submodules/submodule-access.js';
import { linesOnMissing, withSubmodules } from './submodule-lines.js';
import { UnwantedImages } from './unwanted-images.js';
import { volumeNote } from './volume-note.js';

const GONE_TIMEOUT_MS = 10_000;

/** The commit to build. */
interface FetchedCommit {
  readonly sha: string;
  /** The commit in the mirror to read from, which has the files of the submodules too. */
  readonly source: string;
}

/** Turns a commit into images: fetches it, reads its configuration, builds them and makes room for them. */
@Injectable()
export class ImageMaker {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly committed: CommittedConfig,
    private readonly seeds: SeedMaker,
    private readonly images: Images,
    private readonly unwanted: UnwantedImages,
    private readonly sources: SourceBuilder,
    private readonly pusher: ImagePusher,
    private readonly space: FreeSpace,
    private readonly limits: ImageLimits,
    private readonly exposedPort: ExposedPort,
    private readonly cache: BuildCacheKeeper,
    private readonly engine: Engine,
    private readonly config: EngineConfig,
    private readonly deployments: DeploymentsRepository,
    private readonly inputs: BuildInputsReader,
    private readonly retries: HostRetries,
    private readonly builds: ContainerBuilds,
    private readonly skipMarks: SkipMarks,
    private readonly watched: WatchedChanges,
    private readonly submodules: SubmoduleAccess,
  ) {}

  /**
   * @returns the images, and the node that holds them when there is no registry
   * @throws {DeploymentFailure} that says what the user can change
   * @throws {SkipMarkError} when its message says not to deploy it
   * @throws {UnchangedError} when nothing that it watches has changed
   */
  async make(task: BuildTask): Promise<DeployableImage> {
    await this.space.assertEnough();
    await this.removeEarlierImages(task);
    const [nodeId, commit] = await settleAll([
      this.config.registry === undefined ? this.nodeId() : null,
      this.fetchSource(task),
    ]);
    await this.skipMarks.assertNone(task, commit.sha);
    const settings = await this.committed.applyTo(task, commit.source);
    await this.watched.assertAny(task, settings, commit.sha);
    const own = { ...settings.env, ...task.variables.forBranch(task.deployment.branch) };
    assertReferences(own, injectedNames(settings.services));
    const end = this.cache.watch(task.project.id, task.signal);
    try {
      const images = await this.makeImages(task, commit, settings);
      await end({ discardRecords: false });
      return { ...images, nodeId };
    } catch (error) {
      await end({ discardRecords: isDiskFull(error) });
      throw error;
    }
  }

  private async makeImages(
    task: BuildTask,
    commit: FetchedCommit,
    settings: DeploymentSettings,
  ): Promise<Omit<DeployableImage, 'nodeId'>> {
    const seedImageId = await this.seeds.make(task, settings, commit.source);
    const made: NewImage[] = [];
    try {
      await this.buildAll(task, commit, settings, made);
      await this.exposedPort.apply(
        task,
        imagesOf(settings, made, ({ id }) => id),
      );
      await this.limits.makeRoom(task, made);
      const ids = new Map<string, string>();
      for (const { id } of made) ids.set(id, ids.get(id) ?? (await this.kept(task, id)));
      return { ...imagesOf(settings, made, ({ id }) => ids.get(id) ?? id), seedImageId };
    } catch (error) {
      const ids = made.map(({ id }) => id);
      await this.unwanted.remove(seedImageId === null ? ids : [seedImageId, ...ids]);
      throw error;
    }
  }

  /**
   * Builds the images of the containers at the same time, each once; those of hooks after the app's, of which they share the
   * most.
   *
   * @param made receives each image as soon as it exists
   */
  private async buildAll(
    task: BuildTask,
    { sha, source: sourceSha }: FetchedCommit,
    settings: DeploymentSettings,
    made: NewImage[],
  ): Promise<void> {
    const inputs = await this.inputs.read(task, settings, sha);
    const isFirst = !(await this.deployments.hasBuilt(task.deployment.environmentId));
    const warned = new Set<string>();
    const build = (own: BuildTask, source: ImageSource, purpose = '') =>
      this.retries.run(own, () =>
        this.sources.build({ task: own, sha: sourceSha, settings, inputs, source, purpose, warned }),
      );
    const keep = async (own: BuildTask, image: NewImage) => {
      made.push(image);
      const note = isFirst ? volumeNote((await this.images.inspect(image.id)).volumes) : null;
      if (note !== null) own.log.note(note);
    };
    const app = async (own: BuildTask) => {
      await keep(own, { id: await build(own, appSource(settings)) });
      const forHooks = hookSource(settings);
      if (forHooks === null) return;
      made.push({ id: await build(own, forHooks, ', for the hooks'), target: forHooks.target ?? '' });
    };
    const others = sourcesOf(settings).map(({ source, containers }) => ({
      container: containers[0],
      run: async (own: BuildTask) => keep(own, { id: await build(own, source), containers }),
    }));
    await this.builds.run(task, [{ container: APP_CONTAINER, run: app }, ...others]);
  }

  /** Returns the id by which an image is run: in the registry, if there is one. */
  private async kept(task: BuildTask, id: string): Promise<string> {
    return this.config.registry === undefined ? id : this.push(task, id);
  }

  private async fetchSource(task: BuildTask): Promise<FetchedCommit> {
    const { commitSha, trigger } = task.deployment;
    const sha = commitSha ?? (await this.resolve(task));
    const isAsked = trigger === 'api' || trigger === 'rebuild';
    const isRequested = commitSha !== null && isAsked && !isForkBranch(task.deployment.branch);
    const [source] = await settleAll([this.fetch(task, sha), isRequested ? this.noteIfGone(task) : null]);
    return { sha, source };
  }

  /** Removes images that a crashed builder left of this deployment. */
  private async removeEarlierImages({ deployment, guard }: BuildTask): Promise<void> {
    if (deployment.attempt === 1) return;
    for (const { id } of await this.images.list({ deploymentId: deployment.id })) {
      await this.images.remove(id, guard);
    }
  }

  private async push(task: BuildTask, imageId: string): Promise<string> {
    const { deployment, log, signal, guard } = task;
    log.note('pushing to the registry');
    const repository = `${this.config.instance}/${deployment.projectId}/${deployment.environmentId}`;
    return this.retries.run(task, () =>
      this.pusher.push(imageId, repository, signal, (line) => log.append(line), guard),
    );
  }

  /** Resolves the branch's current tip for a deployment that names no commit. */
  private async resolve({ deployment, project, token, log, signal }: BuildTask): Promise<string> {
    const { branch } = deployment;
    const tip = await this.mirror.tipOf({ repository: project.githubRepo, branch, token, signal });
    if (tip === null) {
      const message = `The branch ${branch} does not exist in ${project.githubRepo}. Push it, or deploy another branch.`;
      throw new DeploymentFailure('branch_not_found', message);
    }
    if (!(await this.deployments.setCommit(deployment, tip))) throw new BuildLostError();
    log.note(`${branch} is at ${tip.slice(0, 12)}`);
    return tip;
  }

  /** Says so if the branch is gone. A host that does not answer soon is no reason to stop: the mirror may have the commit. */
  private async noteIfGone({ deployment, project, token, log, signal }: BuildTask): Promise<void> {
    const { branch } = deployment;
    try {
      const request = { repository: project.githubRepo, branch, token, signal, timeoutMs: GONE_TIMEOUT_MS };
      if ((await this.mirror.tipOf(request)) === null)
        log.note(`the branch ${branch} does not exist in ${project.githubRepo}; building the commit anyway`);
    } catch (error) {
      if (!(error instanceof DeploymentFailure)) throw error;
    }
  }

  /** Returns the commit to read from. */
  private async fetch(task: BuildTask, sha: string): Promise<string> {
    const { deployment, project, token, log, signal } = task;
    const started = Date.now();
    log.note(`fetching ${sha.slice(0, 12)} from ${project.githubRepo}`);
    const request = {
      projectId: project.id,
      repository: project.githubRepo,
      sha,
      branch: deployment.branch,
      token,
      credentials: await this.submodules.forBuild(task),
      signal,
    };
    const source = await this.retries.run({ log, signal }, () => this.mirror.fetchCommit(request));
    log.note(`fetched${withSubmodules(source)} in ${seconds(started)}`);
    for (const line of linesOnMissing(source)) log.note(log.redact(line));
    return source.sha;
  }

  /** Returns this engine's node: without a registry, an image stays where it was built. With one, the engine may be in no Swarm. */
  private async nodeId(): Promise<string> {
    const { swarm } = await this.engine.info();
    if (swarm.nodeId === null) {
      throw new DeploymentFailure(
        'engine_unavailable',
        'The build machine is currently not a node of the Swarm. Deploy again later; if that does not help, tell the operator.',
      );
    }
    return swarm.nodeId;
  }
}

function seconds(start: number): string {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`;
}
