import { ServicesConfig } from '@nexos/config';
import { ProjectServicesRepository, SettingsAdmission } from '@nexos/state';
import { type DeploymentEntity } from '@nexos/database';
import { DeploymentFailure, isForkBranch, QuotaExceededError } from '@nexos/domain';
import { RepositoryMirror } from '@nexos/git';
import {
  CONFIG_FILE,
  type ConfigProblem,
  dataProblems,
  type DeploymentSettings,
  forkCommitSettings,
  listFileFields,
  MAX_CONFIG_BYTES,
  mergeSettings,
  mergeSources,
  offerProblems,
  offerWith,
  parseRepositoryConfig,
  type RepositoryConfig,
  RepositoryConfigError,
  type ServiceProblem,
} from '@nexos/settings';
import { Injectable } from '@nestjs/common';
import { BuildLostError } from './build-lease.js';
import type { BuildOutput } from './build-task.js';

/** The failure message quotes this many problems; the log has them all. */
const QUOTED_PROBLEMS = 3;

interface Build {
  readonly deployment: DeploymentEntity;
  readonly log: BuildOutput;
}

type BuildAtCommit = Build & { readonly sha: string };

const WITHOUT_SECRETS =
  'this is a pull request of a fork: it gets no variables and no registry credentials of the project, and no Redis';

/** How messages name the settings that the file does not set. */
const PROJECT_SETTINGS = "the project's settings";

/** Applies a commit's own configuration file to its deployment. */
@Injectable()
export class CommittedConfig {
  constructor(
    private readonly mirror: RepositoryMirror,
    private readonly admission: SettingsAdmission,
    private readonly projectServices: ProjectServicesRepository,
    private readonly services: ServicesConfig,
  ) {}

  /**
   * Merges the configuration file of a fetched commit into the deployment's settings and stores the result before the
   * build uses it.
   *
   * @returns the settings to build and run with
   * @throws {DeploymentFailure} config_invalid; quota_exceeded, when the file asks for more than the account may use
   * @throws {BuildLostError} when this builder no longer holds the build
   */
  async applyTo(build: Build, sha: string): Promise<DeploymentSettings> {
    const { deployment, log } = build;
    const [config, settings] = await this.read({ ...build, sha });
    if (config !== null) {
      const { settingSources } = deployment;
      const sources = settingSources === null ? null : mergeSources(settingSources, config);
      const isRecorded = await this.admission
        .record(deployment, settings, sources)
        .catch((error: unknown) => {
          throw asFailure(error, settings.config_path);
        });
      if (!isRecorded) throw new BuildLostError();
    }
    for (const line of notesOn(config, settings)) log.note(line);
    return settings;
  }

  /** Returns the file of the commit, if it has one, and the settings that result from it. */
  private async read(build: BuildAtCommit): Promise<readonly [RepositoryConfig | null, DeploymentSettings]> {
    const { projectId, settings } = build.deployment;
    try {
      const bytes = await this.readBytes(build);
      const data = await this.projectServices.dataOf(projectId);
      const offer = offerWith(this.services.offer(), data);
      const config = bytes === null ? null : parseRepositoryConfig(bytes, offer, settings.config_path);
      const given = config === null ? settings : mergeSettings(settings, config);
      const isFork = isForkBranch(build.deployment.branch);
      const merged = isFork ? forkCommitSettings(given) : given;
      if (isFork) build.log.note(WITHOUT_SECRETS);
      await this.assertSeed(build, merged, config ?? {});
      const problems = [...offerProblems(merged.services, offer), ...dataProblems(merged.services, data)];
      assertNone(problems, config ?? {}, settings.config_path);
      return [config, merged];
    } catch (error) {
      if (!(error instanceof RepositoryConfigError)) throw error;
      for (const sentence of error.sentences) build.log.note(build.log.redact(sentence));
      throw new DeploymentFailure('config_invalid', summarize(error.sentences), { cause: error });
    }
  }

  /** Checks what neither the file nor the project's settings show by themselves. */
  private async assertSeed(
    { deployment: { projectId }, sha }: BuildAtCommit,
    settings: DeploymentSettings,
    config: RepositoryConfig,
  ): Promise<void> {
    const { services, hooks, config_path: file } = settings;
    const seed = hooks.seed === null ? null : await this.seedProblem(projectId, sha, hooks.seed, services);
    const inFile = config.hooks?.seed === undefined ? PROJECT_SETTINGS : file;
    if (seed !== null) throw problemIn(inFile, [{ path: 'hooks.seed', message: seed }]);
  }

  private async seedProblem(
    projectId: string,
    sha: string,
    path: string,
    services: DeploymentSettings['services'],
  ): Promise<string | null> {
    if (services.postgres === false) return 'needs a database: turn on services.postgres';
    const [entry] = await this.mirror.entriesAt({ projectId, sha, paths: [path] });
    if (entry?.kind !== 'file')
      return 'must be a regular file in this commit, not a directory or a symbolic link';
    const isPointer = await this.mirror.isLfsPointer({ projectId, sha, path });
    return isPointer
      ? 'is only a pointer to a file in Git LFS, which is not fetched: commit the file itself'
      : null;
  }

  private async readBytes({ deployment, log, sha }: BuildAtCommit): Promise<Uint8Array | null> {
    const { projectId, settings } = deployment;
    const path = settings.config_path;
    const misspelt = path.replace(/\.yaml$/, '.yml');
    const [entry = null, misnamed = null] = await this.mirror.entriesAt({
      projectId,
      sha,
      paths: [path, misspelt],
    });
    if (entry === null) {
      if (misnamed !== null) log.note(`${misspelt} is ignored: rename it to ${path}`);
      else if (path !== CONFIG_FILE) log.note(`this commit has no ${path}: the project's settings apply`);
      return null;
    }
    if (entry.kind !== 'file')
      throw fileError('must be a regular file, not a directory or a symbolic link', path);
    if (entry.size > MAX_CONFIG_BYTES)
      throw fileError(`is larger than ${MAX_CONFIG_BYTES / 1024} KiB; make it smaller`, path);
    return this.mirror.readFile({ projectId, sha, path, limitBytes: MAX_CONFIG_BYTES });
  }
}

/** Returns what the log says about a file, without its values. */
function notesOn(config: RepositoryConfig | null, settings: DeploymentSettings): string[] {
  const { config_path: file, build_cpu: cpu, build_memory_mb: memory } = settings;
  const fields = config === null ? [] : listFileFields(config);
  return [
    ...(fields.length === 0 ? [] : [`${file} overrides the project's settings: ${fields.join(', ')}`]),
    ...(config?.name === undefined
      ? []
      : [`${file}: name is ignored here; it names a project that is created or configured from the file`]),
    ...(cpu === null && memory === null
      ? []
      : ['buildResources: cpu and memory are not applied; all builds share the limits of the operator']),
  ];
}

/** Throws the problems with versions, each as one of the file or of the project's settings. */
function assertNone(problems: readonly ServiceProblem[], config: RepositoryConfig, file: string): void {
  if (problems.length === 0) return;
  const found = problems.map(({ kind, path, message }) => {
    const service = config.services?.[kind];
    const isOfFile = typeof service === 'object' && service.version !== undefined;
    return { path, message, source: isOfFile ? file : PROJECT_SETTINGS };
  });
  throw problemIn(file, found);
}

/** Turns the refusal of what a file asks for into the failure of its deployment. */
function asFailure(error: unknown, file: string): unknown {
  if (!(error instanceof QuotaExceededError)) return error;
  return new DeploymentFailure('quota_exceeded', `${file} asks for too much. ${error.message}`, {
    cause: error,
  });
}

function summarize(sentences: readonly string[]): string {
  const more = sentences.length - QUOTED_PROBLEMS;
  const quoted = sentences.slice(0, QUOTED_PROBLEMS).join(' ');
  return more > 0 ? `${quoted} The build log lists ${more} more.` : quoted;
}

function fileError(message: string, file: string): RepositoryConfigError {
  return problemIn(file, [{ path: '', message }]);
}

function problemIn(file: string, problems: readonly Omit<ConfigProblem, 'line'>[]): RepositoryConfigError {
  return new RepositoryConfigError(
    problems.map((problem) => ({ line: null, ...problem })),
    file,
  );
}
