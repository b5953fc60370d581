import { type LogWriter } from '@nexos/logs';
import { DeploymentsRepository } from '@nexos/state';
import { type DeploymentEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { RepositoryMirror } from '@nexos/git';
import {
  CONFIG_FILE,
  type DeploymentSettings,
  givenFields,
  MAX_CONFIG_BYTES,
  mergeSettings,
  parseRepositoryConfig,
  type RepositoryConfig,
  RepositoryConfigError,
} from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { BuildTakenAwayError } from './build-hold.js';

/** A name that many expect to work too. */
const WRONG_NAME = 'nexos.yml';
/** Problems that a failure's message holds; the log has all. */
const PROBLEMS_TOLD = 3;

interface Build {
  readonly deployment: DeploymentEntity;
  readonly log: LogWriter;
}

type Place = Build & { readonly sha: string };

/** What a commit itself says about how it is built and run. */
@Injectable()
export class CommittedConfig {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /**
   * Merges the file of a commit that was fetched into the deployment, and writes that down before anything is made
   * of it.
   *
   * @returns how the deployment is built and run
   * @throws {DeploymentFailure} config_invalid
   * @throws {BuildTakenAwayError} when the build is no longer this builder's
   */
  async applyTo({ deployment, log }: Build, sha: string): Promise<DeploymentSettings> {
    const config = await this.read({ deployment, log, sha });
    if (config === null) return deployment.settings;
    const settings = mergeSettings(deployment.settings, config);
    if (!(await this.deployments.setSettings(deployment, settings))) throw new BuildTakenAwayError();
    const { overSettings, further } = givenFields(config);
    if (overSettings.length > 0) {
      log.say(`${CONFIG_FILE}: ${overSettings.join(', ')} win over the project's settings`);
    }
    if (further.length > 0) log.say(`${CONFIG_FILE}: ${further.join(', ')} taken as well`);
    return settings;
  }

  private async read(place: Place): Promise<RepositoryConfig | null> {
    try {
      const bytes = await this.bytesOf(place);
      if (bytes === null) return null;
      const config = parseRepositoryConfig(bytes);
      await this.assertSeed(place, config);
      return config;
    } catch (error) {
      if (!(error instanceof RepositoryConfigError)) throw error;
      for (const sentence of error.sentences) place.log.say(sentence);
      throw new DeploymentFailure('config_invalid', summaryOf(error.sentences), { cause: error });
    }
  }

  private async bytesOf({ deployment: { projectId }, log, sha }: Place): Promise<Uint8Array | null> {
    const paths = [CONFIG_FILE, WRONG_NAME];
    const [entry = null, misnamed = null] = await this.mirror.entriesAt({ projectId, sha, paths });
    if (entry === null) {
      if (misnamed !== null) {
        log.say(`${WRONG_NAME} is ignored: rename it to ${CONFIG_FILE}`);
      }
      return null;
    }
    if (entry.kind !== 'file') throw aboutFile('must be a file, and no folder or symbolic link');
    if (entry.size > MAX_CONFIG_BYTES)
      throw aboutFile(`has more than ${MAX_CONFIG_BYTES / 1024} KiB; make it smaller`);
    return this.mirror.readFile({ projectId, sha, path: CONFIG_FILE, limitBytes: MAX_CONFIG_BYTES });
  }

  private async assertSeed({ deployment, sha }: Place, config: RepositoryConfig): Promise<void> {
    const path = config.hooks?.seed;
    if (path === undefined) return;
    if ((config.services?.postgres ?? deployment.settings.services.postgres) === false) {
      throw aboutSeed('needs a database: turn on services.postgres');
    }
    const { projectId } = deployment;
    const [entry] = await this.mirror.entriesAt({ projectId, sha, paths: [path] });
    if (entry?.kind === 'file') return;
    throw aboutSeed('must be a file of this commit, and no folder or symbolic link');
  }
}

function summaryOf(sentences: readonly string[]): string {
  const more = sentences.length - PROBLEMS_TOLD;
  const told = sentences.slice(0, PROBLEMS_TOLD).join(' ');
  return more > 0 ? `${told} The log has ${more} more.` : told;
}

function aboutFile(message: string): RepositoryConfigError {
  return new RepositoryConfigError([{ line: null, path: '', message }]);
}

function aboutSeed(message: string): RepositoryConfigError {
  return new RepositoryConfigError([{ line: null, path: 'hooks.seed', message }]);
}
