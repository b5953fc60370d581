import {
  DeploymentFailure,
  diskFull,
  isNewerSyntax,
  mentionsDiskFull,
  placeOfStep,
  registryOfImage,
} from '@nexos/domain';
import { EngineDiskFullError, EngineError, EngineUnavailableError } from '../client/engine-errors.js';
import { quote, withoutInternals } from '../logs/quote.js';
import { pullFailure, type RegistryFailure } from '../images/registry-failure.js';
import { type RegistryProblem, registryProblem } from '../images/registry-problem.js';
import { secretHint } from './missing-secrets.js';
import type { Shortage } from './shortage.js';

export interface FailedStep {
  readonly name: string;
  readonly error: string;
  /** What the last lines of its output say that it ran out of. */
  readonly shortage: Shortage | null;
}

/** A build, as far as its failures depend on it. */
export interface BuildFacts {
  /** The Dockerfile's path, for messages. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** `host[:port]` of the registries that the build had credentials for. */
  readonly registries: readonly string[];
  /** Ids of secrets that steps asked for in vain; those of SSH keys begin with `SSH`. */
  readonly missingSecrets: ReadonlySet<string>;
}

/** The state of a build when it failed. */
export interface FailedBuild extends BuildFacts {
  /** The engine's error for the whole build. */
  readonly message: string;
  /** The step that failed, if one did. */
  readonly step: FailedStep | undefined;
  /** Such as `20.10.24`; null when it is unknown. */
  readonly engineVersion: string | null;
}

const BASE_IMAGE = /^(?:\[internal\] load metadata for|(?:\[[^\]]+\] )?FROM) (\S+)/;
const FRONTEND_IMAGE = /^(?:resolve image config for|docker-image:\/\/)\s*(\S+)/;
const ENGINE_GONE = /transport is closing|code = Unavailable|server is shutting down|^context cancell?ed$/i;
const EXIT_CODE = /exit code: (\d+)/;
/** Explained in other words. */
const SECRET_MISSING = /^secret .* not found|no SSH key .* forwarded/i;
const DOCKERFILE_UNREADABLE = /failed to read dockerfile/i;
const DOCKERFILE_INVALID =
  /(?:failed to create LLB definition|dockerfile parse error|failed to parse|no build stage in current context|Dockerfile cannot be empty|file with no instructions)/i;

/** Matches the error for a stage that the Dockerfile lacks, with its name. */
const STAGE_MISSING =
  /target stage "?([\w.-]+)"? could not be found|invalid target build stage: "?([\w.-]+)/i;

/** Explains why a build failed and what to change about it. */
export function buildFailure(build: FailedBuild): DeploymentFailure {
  const { message, step, dockerfile } = build;
  const options = { cause: new Error(message) };
  if (ENGINE_GONE.test(message)) return engineUnavailable(options.cause);
  // A message with an exit code quotes the step's command, which may contain any text.
  if (!EXIT_CODE.test(step?.error ?? '') && mentionsDiskFull(message)) return diskFull(options.cause);
  if (step !== undefined) return stepFailure(build, step, options);
  if (DOCKERFILE_UNREADABLE.test(message)) {
    return new DeploymentFailure(
      'dockerfile_missing',
      `The commit has no file "${quote(dockerfile)}". Add it, or set dockerfile to the right path in the project's settings or in nexos.yaml.`,
      options,
    );
  }
  const stage = STAGE_MISSING.exec(message);
  if (stage !== null) {
    return new DeploymentFailure(
      'dockerfile_invalid',
      `"${quote(dockerfile)}" has no stage "${quote(stage[1] ?? stage[2] ?? '')}". Add it, or name another one in build.target or hooks.target.`,
      options,
    );
  }
  if (DOCKERFILE_INVALID.test(message)) return invalidDockerfile(build, options);
  return new DeploymentFailure(
    'build_step_failed',
    `The image could not be built: ${quote(withoutInternals(message))}`,
    options,
  );
}

/** Reports that a registry did not answer while a build waited for it. */
export function pullTimeout(build: BuildFacts, step: string): RegistryFailure | null {
  return pullOf(build, step, { kind: 'timeout', status: null }, { cause: new Error(`no answer: ${step}`) });
}

/** Returns a step as messages name it, with its place in the Dockerfile. */
export function describeStep(build: BuildFacts, step: string): string {
  return `${placePrefix(build, step)}the step "${instructionOf(step)}"`;
}

/** Reports an unreachable engine; the same build may succeed later. */
export function engineUnavailable(cause: unknown): DeploymentFailure {
  return new DeploymentFailure(
    'engine_unavailable',
    'The container engine was unreachable or stopped during the build. Deploy again; if that does not help, tell the operator.',
    { cause },
  );
}

/** Maps an engine error thrown during a build to a failure; returns any other error unchanged. */
export function asDeploymentFailure(error: unknown): unknown {
  if (error instanceof EngineUnavailableError) return engineUnavailable(error);
  if (error instanceof EngineDiskFullError) return diskFull(error);
  if (!(error instanceof EngineError)) return error;
  return new DeploymentFailure(
    'internal_error',
    'The container engine refused to build the image. Deploy again; if that does not help, tell the operator.',
    { cause: error },
  );
}

function stepFailure(build: FailedBuild, step: FailedStep, options: { cause: unknown }): DeploymentFailure {
  const { name, error, shortage } = step;
  const pull = pullOf(build, name, registryProblem(error), options);
  if (pull !== null) return pull;
  const subject = sentence(describeStep(build, name));
  if (shortage === 'space') {
    return new DeploymentFailure(
      'disk_full',
      `${subject} ran out of disk space. Unless it filled a small disk of its own, such as /dev/shm, the build machine's disk is full: tell the operator to free some space, then deploy again.`,
      options,
    );
  }
  const message = `${stepSentence(subject, error, shortage)}${secretHint(build.missingSecrets, step.name)}`;
  return new DeploymentFailure('build_step_failed', message, options);
}

/** Returns the failure of a step that pulls an image; null for any other step. */
function pullOf(
  build: BuildFacts,
  step: string,
  problem: RegistryProblem,
  options: { cause: unknown },
): RegistryFailure | null {
  const frontend = FRONTEND_IMAGE.exec(step)?.[1];
  const reference = frontend ?? BASE_IMAGE.exec(step)?.[1];
  if (reference === undefined) return null;
  const image = imageName(reference);
  const what =
    frontend === undefined
      ? `${placePrefix(build, step)}the image "${image}"`
      : `the image "${image}" in the Dockerfile's "# syntax=" line`;
  const hasCredentials = build.registries.includes(registryOfImage(image));
  return pullFailure({ image, subject: sentence(what), hasCredentials }, problem, options);
}

function placePrefix({ dockerfile, dockerfileText, buildArgs }: BuildFacts, step: string): string {
  const place = placeOfStep(dockerfileText, buildArgs, step);
  if (place === null) return '';
  const stage = place.stage === null ? '' : `, stage "${quote(place.stage)}"`;
  return `line ${place.line} of "${quote(dockerfile)}"${stage}: `;
}

function instructionOf(step: string): string {
  return quote(step.replace(/^\[[^\]]*\] /, ''));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function stepSentence(subject: string, error: string, shortage: Shortage | null): string {
  const exitCode = EXIT_CODE.exec(error)?.[1];
  if (exitCode !== undefined) {
    const failed = `${subject} failed with exit code ${exitCode}`;
    if (shortage === 'processes') {
      return `${failed}: it could not start another process, most likely because builds reached the limit BUILD_PIDS of the build machine. Start fewer processes at once, or ask the operator to raise it.`;
    }
    if (exitCode === '137' || shortage === 'memory') {
      return `${failed}: it was killed or got no memory, most likely because builds reached the limit BUILD_MEMORY_MB of the build machine. Use less memory, or ask the operator to raise it.`;
    }
    return `${failed}. See its output in the build log.`;
  }
  const missing = /"([^"]+)"(?: not found)?: not found/.exec(error)?.[1];
  if (missing !== undefined) {
    return `${subject} needs "${quote(missing)}", which does not exist. Check the path, the build context and .dockerignore.`;
  }
  const secret = SECRET_MISSING.test(error);
  return secret ? `${subject} failed.` : `${subject} failed: ${quote(withoutInternals(error))}`;
}

function invalidDockerfile(build: FailedBuild, options: { cause: unknown }): DeploymentFailure {
  const { message, dockerfile, dockerfileText, engineVersion } = build;
  const parsed = /dockerfile parse error (?:on )?line (\d+): ([^\n]*)/i.exec(message);
  const reason =
    parsed?.[2] ?? message.replace(/^.*(?:failed to create LLB definition|failed to solve): /s, '');
  const where = parsed?.[1] === undefined ? '' : `, line ${parsed[1]}`;
  const error = quote(withoutInternals(reason));
  const line = parsed?.[1] === undefined ? null : Number(parsed[1]);
  const engine = engineVersion === null ? 'the engine' : `Docker Engine ${engineVersion}`;
  return new DeploymentFailure(
    'dockerfile_invalid',
    isNewerSyntax(dockerfileText, message, line)
      ? `"${quote(dockerfile)}" uses syntax that is newer than the Dockerfile version built into ${engine}${where}: ${error}. Make "# syntax=docker/dockerfile:1" the first line, which fetches the current version, or do without that syntax.`
      : `"${quote(dockerfile)}" is not a valid Dockerfile${where}: ${error}`,
    options,
  );
}

function imageName(reference: string): string {
  return quote(reference.replace(/^docker-image:\/\//, '').replace(/^docker\.io\/(?:library\/)?/, ''));
}
