import { DeploymentFailure, diskFull, mentionsDiskFull } from '@nexos/domain';
import { EngineDiskFullError, EngineError, EngineUnavailableError } from '../client/engine-errors.js';
import { cleanLine } from '../logs/log-text.js';
import type { Shortage } from './shortage.js';

export interface FailedStep {
  readonly name: string;
  readonly error: string;
  /** What the last lines of its output say that it ran out of. */
  readonly shortage: Shortage | null;
}

/** The state of a build when it failed. */
interface FailedBuild {
  /** The engine's error for the whole build. */
  readonly message: string;
  /** The step that failed, if one did. */
  readonly step: FailedStep | undefined;
  readonly dockerfile: string;
}

/** The most characters of foreign text that a message quotes. */
const MAX_QUOTE = 300;
const BASE_IMAGE = /^(?:\[internal\] load metadata for|(?:\[[^\]]+\] )?FROM) (\S+)/;
const FRONTEND_IMAGE = /^(?:resolve image config for|docker-image:\/\/)\s*(\S+)/;
const ENGINE_GONE = /transport is closing|code = Unavailable|server is shutting down|^context cancell?ed$/i;
const EXIT_CODE = /exit code: (\d+)/;
const DOCKERFILE_UNREADABLE = /failed to read dockerfile/i;
const DOCKERFILE_INVALID =
  /(?:failed to create LLB definition|dockerfile parse error|failed to parse|no build stage in current context|Dockerfile cannot be empty|file with no instructions)/i;

/** Explains why a build failed and what to change about it. */
export function buildFailure(build: FailedBuild): DeploymentFailure {
  const { message, step, dockerfile } = build;
  const options = { cause: new Error(message) };
  if (ENGINE_GONE.test(message)) return engineUnavailable(options.cause);
  // A message with an exit code quotes the step's command, which may contain any text.
  if (!EXIT_CODE.test(step?.error ?? '') && mentionsDiskFull(message)) return diskFull(options.cause);
  if (step !== undefined) return stepFailure(step, options);
  if (DOCKERFILE_UNREADABLE.test(message)) {
    return new DeploymentFailure(
      'dockerfile_missing',
      `The commit has no file "${quote(dockerfile)}". Add it, or set dockerfile to the right path in the project's settings or in nexos.yaml.`,
      options,
    );
  }
  if (DOCKERFILE_INVALID.test(message)) return invalidDockerfile(message, dockerfile, options);
  return new DeploymentFailure(
    'build_step_failed',
    `The image could not be built: ${quote(withoutInternals(message))}`,
    options,
  );
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

function stepFailure({ name, error, shortage }: FailedStep, options: { cause: unknown }): DeploymentFailure {
  const frontend = FRONTEND_IMAGE.exec(name)?.[1];
  if (frontend !== undefined) {
    return new DeploymentFailure(
      'base_image_unavailable',
      `The image "${imageName(frontend)}" in the Dockerfile's "# syntax=" line could not be pulled. Check its name, or remove the line.`,
      options,
    );
  }
  const base = BASE_IMAGE.exec(name)?.[1];
  if (base !== undefined) {
    return new DeploymentFailure(
      'base_image_unavailable',
      `The image "${imageName(base)}" could not be pulled. Check its name and tag in the Dockerfile, and that the image is public.`,
      options,
    );
  }
  const instruction = quote(name.replace(/^\[[^\]]*\] /, ''));
  if (shortage === 'space') {
    return new DeploymentFailure(
      'disk_full',
      `The step "${instruction}" ran out of disk space. Unless it filled a small disk of its own, such as /dev/shm, the build machine's disk is full: tell the operator to free some space, then deploy again.`,
      options,
    );
  }
  const sentence = stepSentence(instruction, error, shortage);
  return new DeploymentFailure('build_step_failed', sentence, options);
}

function stepSentence(instruction: string, error: string, shortage: Shortage | null): string {
  const exitCode = EXIT_CODE.exec(error)?.[1];
  if (exitCode !== undefined) {
    const failed = `The step "${instruction}" failed with exit code ${exitCode}`;
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
    return `The step "${instruction}" needs "${quote(missing)}", which does not exist. Check the path, the build context and .dockerignore.`;
  }
  return `The step "${instruction}" failed: ${quote(withoutInternals(error))}`;
}

function invalidDockerfile(
  message: string,
  dockerfile: string,
  options: { cause: unknown },
): DeploymentFailure {
  const parsed = /dockerfile parse error (?:on )?line (\d+): ([^\n]*)/i.exec(message);
  const reason =
    parsed?.[2] ?? message.replace(/^.*(?:failed to create LLB definition|failed to solve): /s, '');
  const where = parsed?.[1] === undefined ? '' : `, line ${parsed[1]}`;
  return new DeploymentFailure(
    'dockerfile_invalid',
    `"${quote(dockerfile)}" is not a valid Dockerfile${where}: ${quote(withoutInternals(reason))}`,
    options,
  );
}

/** Strips the engine's own paths and addresses: they do not help a user, and would help an attacker. */
export function withoutInternals(text: string): string {
  return text
    .replace(/\/var\/lib\/docker\/[^\s:"']*\//g, '')
    .replace(/ on (?:\d{1,3}\.){3}\d{1,3}:\d+/g, '')
    .replace(/ (?:\d{1,3}\.){3}\d{1,3}:\d+->(?:\d{1,3}\.){3}\d{1,3}:\d+/g, '');
}

function imageName(reference: string): string {
  return quote(reference.replace(/^docker-image:\/\//, '').replace(/^docker\.io\/(?:library\/)?/, ''));
}

function quote(text: string): string {
  const line = cleanLine(text.replace(/\s+/g, ' ').trim());
  return line.length <= MAX_QUOTE ? line : `${line.slice(0, MAX_QUOTE)}…`;
}
