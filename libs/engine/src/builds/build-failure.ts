import { DeploymentFailure, diskFull, saysDiskFull } from '@nexos/domain';
import { EngineDiskFullError, EngineError, EngineUnavailableError } from '../client/engine-errors.js';
import { cleanLine } from '../logs/log-text.js';

export interface FailedStep {
  readonly name: string;
  readonly error: string;
  /** The last lines of its own output say that a disk is full. */
  readonly ranOutOfSpace: boolean;
}

/** What a build was doing when it failed. */
interface FailedBuild {
  /** The engine's own words for the whole build. */
  readonly message: string;
  /** The step that failed, where one did. */
  readonly step: FailedStep | undefined;
  readonly dockerfile: string;
}

/** Characters of foreign text that one sentence quotes. */
const MAX_QUOTE = 300;
const BASE_IMAGE = /^(?:\[internal\] load metadata for|(?:\[[^\]]+\] )?FROM) (\S+)/;
const FRONTEND_IMAGE = /^(?:resolve image config for|docker-image:\/\/)\s*(\S+)/;
const ENGINE_GONE = /transport is closing|code = Unavailable|server is shutting down|^context cancell?ed$/i;
const EXIT_CODE = /exit code: (\d+)/;
const DOCKERFILE_UNREADABLE = /failed to read dockerfile/i;
const DOCKERFILE_INVALID =
  /(?:failed to create LLB definition|dockerfile parse error|failed to parse|no build stage in current context|Dockerfile cannot be empty|file with no instructions)/i;

/** Says in one sentence why a build failed and what to change about it. */
export function buildFailure(build: FailedBuild): DeploymentFailure {
  const { message, step, dockerfile } = build;
  const options = { cause: new Error(message) };
  if (ENGINE_GONE.test(message)) return engineUnavailable(options.cause);
  // With an exit code the message is the step's command, which may say anything.
  if (!EXIT_CODE.test(step?.error ?? '') && saysDiskFull(message)) return diskFull(options.cause);
  if (step !== undefined) return stepFailure(step, options);
  if (DOCKERFILE_UNREADABLE.test(message)) {
    return new DeploymentFailure(
      'dockerfile_missing',
      `There is no file "${quote(dockerfile)}" in the commit. Add it, or set dockerfile, of the project or in nexos.yaml, to the right path.`,
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

/** The engine went away; the same build may succeed later. */
export function engineUnavailable(cause: unknown): DeploymentFailure {
  return new DeploymentFailure(
    'engine_unavailable',
    'The container engine could not be reached, or went away during the build. Nothing needs to be changed: deploy again.',
    { cause },
  );
}

/** The failure for what was thrown while a build was under way; what is one already stays as it is. */
export function asDeploymentFailure(error: unknown): unknown {
  if (error instanceof EngineUnavailableError) return engineUnavailable(error);
  if (error instanceof EngineDiskFullError) return diskFull(error);
  if (!(error instanceof EngineError)) return error;
  return new DeploymentFailure('internal_error', 'The container engine refused to build the image.', {
    cause: error,
  });
}

function stepFailure(
  { name, error, ranOutOfSpace }: FailedStep,
  options: { cause: unknown },
): DeploymentFailure {
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
      `The image "${imageName(base)}" could not be pulled. Check its name and tag in the Dockerfile, and that it is public.`,
      options,
    );
  }
  const instruction = quote(name.replace(/^\[[^\]]*\] /, ''));
  if (ranOutOfSpace) {
    return new DeploymentFailure(
      'disk_full',
      `The step "${instruction}" found no space left on a disk. Unless it is a small one of the step's own, such as /dev/shm, the disk of the machine that builds is full: tell the operator, then deploy again.`,
      options,
    );
  }
  const sentence = stepSentence(instruction, error);
  return new DeploymentFailure('build_step_failed', sentence, options);
}

function stepSentence(instruction: string, error: string): string {
  const exitCode = EXIT_CODE.exec(error)?.[1];
  if (exitCode !== undefined) {
    const killed =
      exitCode === '137' ? ' It was killed, most likely because it used more memory than there is.' : '';
    return `The step "${instruction}" ended with exit code ${exitCode}.${killed} Its output in the build log says why.`;
  }
  const missing = /"([^"]+)"(?: not found)?: not found/.exec(error)?.[1];
  if (missing !== undefined) {
    return `The step "${instruction}" needs "${quote(missing)}", which is not there. Check the path, the build context and .dockerignore.`;
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

/** Takes the engine's own paths and addresses out of its words: they tell a user nothing and a stranger too much. */
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
