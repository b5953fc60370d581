import { setTimeout as wait } from 'node:timers/promises';
import {
  type CommandProblem,
  DeploymentFailure,
  diskFull,
  explainCommand,
  explainRefusal,
  mentionsDiskFull,
  settingOf,
  type StartedPart,
} from '@nexos/domain';
import { type ServiceTask } from '@nexos/engine';
import { IngressUnavailableError, type ProbeResult } from '@nexos/ingress';
import { type Container } from '@nexos/settings';
import { ContainerRunsRepository, type RunFacts } from '@nexos/state';
import { Injectable, Logger } from '@nestjs/common';
import { STAYS_UP_MS } from './stays-up.js';

/** Exits after which a container counts as down; it may exit a few times while it waits for its services. */
const EXITS_ALLOWED = 3;
/** How long the agent of a machine may take to report what it has found out about a container. */
const REPORT_MS = 5_000;
const REPORT_CHECK_MS = 100;
/** How Swarm describes a failed task whose container was created but did not start. */
const NOT_STARTED = 'starting container failed';
const SERVER_ERROR = 500;
const SHELLS = /(^|\/)(sh|ash|bash|dash)$/;

/** Explains why a container of a version did not come up: from Swarm's tasks, the probes, and what the agents have reported. */
@Injectable()
export class StartFailures {
  private readonly logger = new Logger(StartFailures.name);

  constructor(private readonly runs: ContainerRunsRepository) {}

  /** @throws {DeploymentFailure} when the container keeps exiting, or cannot be started at all */
  async throwIfDown(container: Container, tasks: readonly ServiceTask[]): Promise<void> {
    throwIfRejected(container, tasks);
    const exits = exitsAmong(tasks);
    if (exits.length >= EXITS_ALLOWED) throw await this.exited(container, exits);
  }

  /**
   * Returns why the container has not come up in time.
   *
   * @param finding of its probes; null when none has ended, or it cannot be probed
   * @param options.probeAgain sends one more probe, if it can be probed
   * @param options.isExposed whether its port is the one that its image exposes
   */
  async ofTimeout(
    container: Container,
    finding: ProbeResult | null,
    tasks: readonly ServiceTask[],
    {
      probeAgain = () => Promise.resolve(finding),
      isExposed = false,
    }: { probeAgain?: () => Promise<ProbeResult | null>; isExposed?: boolean } = {},
  ): Promise<DeploymentFailure | IngressUnavailableError> {
    const { port, start_timeout_seconds: seconds } = container;
    const part = partOf(container);
    const [newest] = tasks;
    if (newest !== undefined && isWaiting(newest) && tasks.length === 1)
      return noCapacity([container], seconds);
    throwIfRejected(container, tasks);
    const exits = exitsAmong(tasks);
    if (exits.length > 0) return this.exited(container, exits);
    if (port === null) {
      return notAnswering(
        `The ${part} did not stay up for ${STAYS_UP_MS / 1000} s within ${seconds} s. See its last lines in the log.`,
      );
    }
    if (finding?.kind === 'unresolved' && newest?.state === 'running') {
      return new IngressUnavailableError(
        `The ingress did not get the address of a running ${part} within ${seconds} s. Check that the agent runs.`,
      );
    }
    if (finding?.kind === 'answered') return answering(container, finding.status);
    const [facts] =
      newest?.containerId === undefined ? [] : await this.reported([newest.containerId], 'listeners');
    if (facts?.outOfMemoryAt != null) {
      return new DeploymentFailure(
        'app_exited',
        `A process of the ${part} ran out of memory and was killed: ${memoryAdvice(container)}`,
      );
    }
    const wasRefused = finding === null || finding.kind === 'refused';
    // It may have begun to listen after the last probe.
    const listens = facts?.listeners?.some((listener) => listener.port === port) ?? false;
    const last = wasRefused && listens ? await probeAgain() : finding;
    if (last?.kind === 'answered') return answering(container, last.status);
    const { kind } = last ?? { kind: 'refused' };
    const path = container.health_check_path;
    if (kind === 'timeout') {
      return notAnswering(
        `The ${part} accepts connections on port ${port} but did not respond to GET ${path} within ${seconds} s: make it respond sooner, or raise ${settingOf(part, 'start_timeout_seconds')}.`,
      );
    }
    if (kind === 'broken') {
      const otherwise = part === 'app' ? '' : ', or remove its port if it is not meant to';
      return notAnswering(
        `The ${part} accepts connections on port ${port} but closed them without responding to GET ${path} over HTTP: see its log, and make it answer HTTP requests there${otherwise}.`,
      );
    }
    return notAnswering(
      (kind === 'refused' && facts?.listeners
        ? explainRefusal(facts.listeners, { port, seconds, part, isExposed })
        : null) ??
        `The ${part} did not answer on port ${port} within ${seconds} s. Make it listen on 0.0.0.0 and the port in the PORT variable, or change port in the project's settings or in nexos.yaml.`,
    );
  }

  private async exited(container: Container, exits: readonly ServiceTask[]): Promise<DeploymentFailure> {
    const part = partOf(container);
    const runs = exits.filter(hasRun);
    const times = runs.length === 1 ? 'once' : `${runs.length} times`;
    const code = runs[0]?.exitCode;
    const facts = await this.reported(
      runs.flatMap(({ containerId }) => containerId ?? []),
      'end',
    );
    if (facts.some(({ isOutOfMemory }) => isOutOfMemory)) {
      return new DeploymentFailure(
        'app_exited',
        `The ${part} ran out of memory ${times}: ${memoryAdvice(container)}`,
      );
    }
    const problem = facts.find(({ commandProblem }) => commandProblem !== null)?.commandProblem ?? null;
    if (problem !== null) return cannotRun(problem, part);
    if (runs.length === 0) {
      this.logger.error(`a container did not start: ${exits.map(({ error = '' }) => error).join('; ')}`);
      return new DeploymentFailure(
        'app_exited',
        `The container could not be started: the engine failed to ${exits.length === 1 ? 'once' : `${exits.length} times`}. Check the CMD, ENTRYPOINT and WORKDIR of the Dockerfile. If they are right, deploy again, or ask the operator for the engine's error in the log of lifecycle.`,
      );
    }
    const task = container.port === null ? 'keep running' : 'keep running and listen on its port';
    return new DeploymentFailure(
      'app_exited',
      `The ${part} exited ${times}${code === undefined ? '' : `, last with code ${code}`}, but it must ${task}. See its last lines in the log.`,
    );
  }

  /** Waits for the agents' reports of these containers: Swarm does not tell what they do. */
  private async reported(ids: readonly string[], awaited: 'end' | 'listeners'): Promise<RunFacts[]> {
    if (ids.length === 0) return [];
    const deadline = Date.now() + REPORT_MS;
    const isThere = (facts: RunFacts) => (awaited === 'end' ? facts.isOver : facts.listeners !== null);
    let facts = await this.runs.factsOf(ids);
    while (facts.filter(isThere).length < ids.length && Date.now() < deadline) {
      await wait(REPORT_CHECK_MS);
      facts = await this.runs.factsOf(ids);
    }
    return facts;
  }
}

/**
 * Returns the failure of containers that no node has room for.
 *
 * @param seconds how long room was waited for
 */
export function noCapacity(containers: readonly Container[], seconds: number): DeploymentFailure {
  const within = seconds === 0 ? '' : ` within ${seconds} s`;
  const needs = ({ cpu, memory_mb: memoryMb }: Container) => `${cpu} CPU and ${memoryMb} MiB of memory`;
  const [only, ...others] = containers;
  const what =
    only === undefined || others.length > 0
      ? `The nodes had no room for all containers together${within}: ${containers.map((one) => `${one.name} needs ${needs(one)}`).join(', ')}`
      : `No node had room for ${needs(only)}${within}`;
  return new DeploymentFailure(
    'no_capacity',
    `${what}. Lower cpu or memory_mb in the project's settings or in nexos.yaml, or ask the operator for more nodes or a higher CPU_OVERCOMMIT.`,
  );
}

function throwIfRejected(container: Container, tasks: readonly ServiceTask[]): void {
  const full = tasks.find(({ error = '' }) => mentionsDiskFull(error));
  if (full !== undefined) throw diskFull(new Error(full.error), `node that runs the ${partOf(container)}`);
  // Swarm calls a container that could not be started rejected or failed.
  for (const { error = '' } of tasks) {
    const problem = problemIn(error);
    if (problem !== null) throw cannotRun(problem, partOf(container));
    const user = /unable to find user ([\w.-]{1,64})/.exec(error)?.[1];
    if (user !== undefined) {
      throw new DeploymentFailure(
        'app_exited',
        `The container could not be started: the image has no user ${user}, which the USER of the Dockerfile names.`,
      );
    }
  }
  if (tasks.some(({ state, error = '' }) => state === 'rejected' && /no such image/i.test(error))) {
    throw new DeploymentFailure(
      'image_missing',
      'The image is no longer on its node. Deploy again to rebuild it.',
    );
  }
  // Anything else may be the engine's, and over at the next attempt.
}

/** Reads the error of an engine that could not start a command without an init. */
function problemIn(error: string): CommandProblem | null {
  const [, file, why = ''] = /exec: "([^"]{1,200})": ([^]*)/.exec(error) ?? [];
  if (file === undefined) return null;
  const kind = why.includes('permission denied')
    ? 'not-executable'
    : !/no such file|not found/.test(why)
      ? null
      : SHELLS.test(file)
        ? 'shell-missing'
        : 'not-found';
  return kind === null ? null : { kind, file, interpreter: null };
}

function cannotRun(problem: CommandProblem, part: StartedPart): DeploymentFailure {
  return new DeploymentFailure('app_exited', explainCommand(problem, part));
}

function partOf({ index }: Container): StartedPart {
  return index === 0 ? 'app' : 'container';
}

function answering(container: Container, status: number): DeploymentFailure {
  const { health_check_path: path, start_timeout_seconds: seconds } = container;
  const part = partOf(container);
  if (status < SERVER_ERROR) {
    return notAnswering(
      `The ${part} answered GET ${path} for the first time after ${seconds} s: make it start sooner, or raise ${settingOf(part, 'start_timeout_seconds')}.`,
    );
  }
  return new DeploymentFailure(
    'app_unhealthy',
    `GET ${path} answered ${status} for ${seconds} s. Make it answer below 500 once the ${part} is ready, or change health_check_path in the project's settings or in nexos.yaml.`,
  );
}

function notAnswering(message: string): DeploymentFailure {
  return new DeploymentFailure('app_not_answering', message);
}

function memoryAdvice({ memory_mb: memoryMb }: Container): string {
  return `it may use ${memoryMb} MiB (memory_mb). Raise memory_mb in the project's settings or in nexos.yaml, or make the app use less.`;
}

/** Returns the attempts that are over, those that did not start among them. */
function exitsAmong(tasks: readonly ServiceTask[]): ServiceTask[] {
  return tasks.filter(({ state }) => ['failed', 'complete', 'rejected'].includes(state));
}

function hasRun({ state, error = '' }: ServiceTask): boolean {
  return state !== 'rejected' && !error.startsWith(NOT_STARTED);
}

function isWaiting({ state }: ServiceTask): boolean {
  return ['new', 'pending', 'allocated'].includes(state);
}
