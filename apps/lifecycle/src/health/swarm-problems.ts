import { EngineConfig } from '@nexos/config';
import { type HealthProblem, mentionsDiskFull } from '@nexos/domain';
import {
  CurrentTasks,
  type CurrentTask,
  DeploymentServices,
  EngineError,
  serviceName,
  SwarmNodes,
} from '@nexos/engine';
import { type ContainerHealthFacts, type HealthSubject } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { containerKey } from './container-key.js';
import { ServiceRecipes } from '../services/service-recipes.js';

/** Something that is down for a shorter time is restarting. */
const DOWN_MS = 4_000;
const NAMES: Readonly<Record<string, string>> = { postgres: 'Postgres', redis: 'Redis', s3: 'S3' };

/** What keeps apps from running that their own containers do not show: machines, images, room and shared services. */
@Injectable()
export class SwarmProblems {
  private tasks: readonly CurrentTask[] = [];
  private downNodes = new Map<string, string>();
  private readonly downSince = new Map<string, number>();

  constructor(
    private readonly currentTasks: CurrentTasks,
    private readonly nodes: SwarmNodes,
    private readonly services: DeploymentServices,
    private readonly recipes: ServiceRecipes,
    private readonly engineConfig: EngineConfig,
  ) {}

  /**
   * Asks Swarm once for all environments, and once more for each that has no running container.
   *
   * @returns the problems by container; null when the engine does not answer
   */
  async find(subjects: readonly HealthSubject[]): Promise<Map<string, HealthProblem> | null> {
    try {
      const [tasks, nodes] = await Promise.all([this.currentTasks.list(), this.nodes.list()]);
      this.tasks = tasks;
      const down = nodes.filter(({ state }) => state === 'down');
      this.downNodes = new Map(down.map(({ swarmId, hostname }) => [swarmId, hostname]));
      const problems = new Map<string, HealthProblem>();
      const seen = new Set<string>();
      for (const subject of subjects) {
        const ofServices = this.problemOfServices(subject, seen);
        for (const facts of subject.containers) {
          const message = (await this.problemOf(subject, facts, seen)) ?? ofServices;
          if (message !== null) problems.set(containerKey(subject, facts.container), { message });
        }
      }
      for (const key of this.downSince.keys()) if (!seen.has(key)) this.downSince.delete(key);
      return problems;
    } catch (error) {
      if (error instanceof EngineError) return null;
      throw error;
    }
  }

  private async problemOf(
    subject: HealthSubject,
    { container, heldUntil }: ContainerHealthFacts,
    seen: Set<string>,
  ): Promise<string | null> {
    const { deploymentId, moves } = subject;
    const { name, index, cpu, memory_mb: memoryMb } = container;
    const what = subject.containers.length === 1 ? 'the app' : `the container ${name}`;
    const tasks = this.tasks.filter((task) => task.deploymentId === deploymentId && task.container === name);
    const machine = this.machineDown(tasks);
    if (machine !== null) {
      return `The machine ${machine}, which runs ${what}, is down. It starts again when the machine does, or on another one that has its image. If this persists, tell the operator.`;
    }
    if (heldUntil !== null || tasks.some(({ state }) => state === 'running')) return null;
    if (!this.isDownFor(`${deploymentId} ${name}`, seen)) return null;
    const service = serviceName(this.engineConfig.instance, deploymentId, moves, index);
    const history = await this.services.tasks(service);
    const rejected = history.find(({ state }) => state === 'rejected')?.error ?? '';
    if (/no such image/i.test(rejected)) {
      return 'The image of the live version is no longer on its machine. Deploy again to rebuild it.';
    }
    if (mentionsDiskFull(rejected)) {
      return `The disk of the machine that runs ${what} is full. Tell the operator.`;
    }
    const waiting = tasks.find(({ state }) => ['new', 'pending', 'allocated'].includes(state));
    if (waiting !== undefined && this.downNodes.size > 0) {
      const names = [...this.downNodes.values()].sort().join(', ');
      return `No machine can run ${what}: ${names} is down, and no other one has its image and room for it. Tell the operator.`;
    }
    if (waiting !== undefined) {
      return `No machine has room for ${cpu} CPU and ${memoryMb} MiB of memory, which ${what} reserves. Lower cpu or memory_mb, or ask the operator for more machines.`;
    }
    if (rejected !== '') {
      return `The engine cannot start ${what}. Deploy again; if that does not help, tell the operator.`;
    }
    return null;
  }

  private problemOfServices({ projectId, settings }: HealthSubject, seen: Set<string>): string | null {
    for (const kind of this.recipes.wanted(settings.services)) {
      const tasks = this.tasks.filter((task) => task.projectId === projectId && task.service === kind);
      const name = NAMES[kind] ?? kind;
      const machine = this.machineDown(tasks);
      if (machine !== null) {
        return `The machine ${machine}, which runs the project's ${name}, is down. Its data is on that machine. Tell the operator.`;
      }
      const isRunning = tasks.some(({ state }) => state === 'running');
      if (!isRunning && this.isDownFor(`${projectId} ${kind}`, seen)) {
        return `The project's ${name} is not running. Nexos and the engine keep trying to start it; if this persists, tell the operator.`;
      }
    }
    return null;
  }

  /** Returns the name of the machine, when everything that should run is on machines that are down. */
  private machineDown(tasks: readonly CurrentTask[]): string | null {
    const placed = tasks.flatMap(({ nodeId }) => (nodeId === null ? [] : [this.downNodes.get(nodeId)]));
    return placed.length > 0 && placed.every((name) => name !== undefined) ? (placed[0] ?? null) : null;
  }

  private isDownFor(key: string, seen: Set<string>): boolean {
    const now = performance.now();
    seen.add(key);
    const since = this.downSince.get(key) ?? now;
    this.downSince.set(key, since);
    return now - since >= DOWN_MS;
  }
}
