import { type LogWriter } from '@nexos/logs';
import { DeploymentsRepository } from '@nexos/state';
import { type DeploymentEntity } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { RepositoryMirror } from '@nexos/git';
import {
  CONFIG_FILE,
  type DeploymentSettings,
  listFileFields,
  MAX_CONFIG_BYTES,
  mergeSettings,
  mergeSources,
  parseRepositoryConfig,
  type RepositoryConfig,
  RepositoryConfigError,
} from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { BuildLostError } from './build-lease.js';

/** A common misspelling of the file's name. */
const WRONG_NAME = 'nexos.yml';
/** The failure message quotes this many problems; the log has them all. */
const QUOTED_PROBLEMS = 3;

interface Build {
  readonly deployment: DeploymentEntity;
  readonly log: LogWriter;
}

type BuildAtCommit = Build & { readonly sha: string };

/** Applies a commit's own configuration file to its deployment. */
@Injectable()
export class CommittedConfig {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly deployments: DeploymentsRepository,
  ) {}

  /**
   * Merges the configuration file of a fetched commit into the deployment's settings and stores the result before the
   * build uses it.
   *
   * @returns the settings to build and run with
   * @throws {DeploymentFailure} config_invalid
   * @throws {BuildLostError} when this builder no longer holds the build
   */
  async applyTo({ deployment, log }: Build, sha: string): Promise<DeploymentSettings> {
    const config = await this.read({ deployment, log, sha });
    if (config === null) return deployment.settings;
    const settings = mergeSettings(deployment.settings, config);
    const { settingSources } = deployment;
    const sources = settingSources === null ? null : mergeSources(settingSources, config);
    if (!(await this.deployments.setSettings(deployment, settings, sources))) throw new BuildLostError();
    const { overridden, fileOnly } = listFileFields(config);
    if (overridden.length > 0) {
      log.note(`${CONFIG_FILE} overrides the project's settings: ${overridden.join(', ')}`);
    }
    if (fileOnly.length > 0) log.note(`${CONFIG_FILE} also sets: ${fileOnly.join(', ')}`);
    return settings;
  }

  private async read(build: BuildAtCommit): Promise<RepositoryConfig | null> {
    try {
      const bytes = await this.readBytes(build);
      if (bytes === null) return null;
      const config = parseRepositoryConfig(bytes);
      await this.assertSeed(build, config);
      return config;
    } catch (error) {
      if (!(error instanceof RepositoryConfigError)) throw error;
      for (const sentence of error.sentences) build.log.note(sentence);
      throw new DeploymentFailure('config_invalid', summarize(error.sentences), { cause: error });
    }
  }

  private async readBytes({
    deployment: { projectId },
    log,
    sha,
  }: BuildAtCommit): Promise<Uint8Array | null> {
    const paths = [CONFIG_FILE, WRONG_NAME];
    const [entry = null, misnamed = null] = await this.mirror.entriesAt({ projectId, sha, paths });
    if (entry === null) {
      if (misnamed !== null) {
        log.note(`${WRONG_NAME} is ignored: rename it to ${CONFIG_FILE}`);
      }
      return null;
    }
    if (entry.kind !== 'file') throw fileError('must be a regular file, not a directory or a symbolic link');
    if (entry.size > MAX_CONFIG_BYTES)
      throw fileError(`is larger than ${MAX_CONFIG_BYTES / 1024} KiB; make it smaller`);
    return this.mirror.readFile({ projectId, sha, path: CONFIG_FILE, limitBytes: MAX_CONFIG_BYTES });
  }

  private async assertSeed({ deployment, sha }: BuildAtCommit, config: RepositoryConfig): Promise<void> {
    const path = config.hooks?.seed;
    if (path === undefined) return;
    if ((config.services?.postgres ?? deployment.settings.services.postgres) === false) {
      throw seedError('needs a database: turn on services.postgres');
    }
    const { projectId } = deployment;
    const [entry] = await this.mirror.entriesAt({ projectId, sha, paths: [path] });
    if (entry?.kind === 'file') return;
    throw seedError('must be a regular file in this commit, not a directory or a symbolic link');
  }
}

function summarize(sentences: readonly string[]): string {
  const more = sentences.length - QUOTED_PROBLEMS;
  const quoted = sentences.slice(0, QUOTED_PROBLEMS).join(' ');
  return more > 0 ? `${quoted} The build log lists ${more} more.` : quoted;
}

function fileError(message: string): RepositoryConfigError {
  return new RepositoryConfigError([{ line: null, path: '', message }]);
}

function seedError(message: string): RepositoryConfigError {
  return new RepositoryConfigError([{ line: null, path: 'hooks.seed', message }]);
}
