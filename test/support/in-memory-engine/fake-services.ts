import { nanosecondsOf } from '@nexos/contracts';
import {
  EngineNotFoundError,
  serviceName,
  sharedServiceName,
  sharedVolumeName,
  type DeploymentServices,
  type DeploymentServiceSpec,
  type FollowOptions,
  type Guard,
  type Owner,
  type ServiceRemoval,
  type ServiceLogLine,
  type ServiceTask,
  type SharedServices,
  type SharedServiceSpec,
  type TaskState,
} from '@nexos/engine';
import type { Fate, InMemoryEngine } from './in-memory-engine.js';

/** The instance name of every in-memory installation. */
export const INSTANCE = 'memory';
const UNGUARDED: Guard = () => Promise.resolve();
const TASKS: Record<Fate, [state: TaskState, error?: string, exitCode?: number][]> = {
  answers: [['running']],
  'answers 500': [['running']],
  'does not answer': [['running']],
  exits: [1, 2, 3].map(() => ['failed', 'task: non-zero exit (1)', 1]),
  'has no image': [['rejected', 'No such image: sha256:1']],
  'finds no node': [['pending', 'no suitable node (insufficient resources on 1 node)']],
};

/** The public surface of `DeploymentServices` that the lifecycle worker uses. */
export class FakeDeploymentServices implements Pick<
  DeploymentServices,
  | 'create'
  | 'resume'
  | 'copy'
  | 'hasContainers'
  | 'listRunningEnvironments'
  | 'listForEnvironment'
  | 'scale'
  | 'remove'
  | 'tasks'
  | 'tailLogs'
  | 'environmentOf'
  | 'followLogs'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async create(spec: DeploymentServiceSpec, guard: Guard = UNGUARDED): Promise<string> {
    const { apps, begun, networks, fate } = this.engine;
    const name = serviceName(INSTANCE, spec.deploymentId, spec.moves);
    if (!networks.has(spec.projectId))
      throw new EngineNotFoundError(`Project ${spec.projectId} has no network.`);
    await this.engine.change(`create app ${spec.deploymentId}`, guard);
    begun.set(spec.deploymentId, spec);
    const existing = apps.get(name);
    if (existing === undefined) apps.set(name, { spec, fate, replicas: 1, nodeId: this.engine.freeNode() });
    else Object.assign(existing, { replicas: 1, fate });
    return name;
  }

  async resume(
    { id, moves }: { readonly id: string; readonly moves: number },
    guard: Guard = UNGUARDED,
  ): Promise<boolean> {
    const name = serviceName(INSTANCE, id, moves);
    if (!this.engine.apps.has(name)) return false;
    await this.scale(name, 1, guard);
    return true;
  }

  async copy(name: string, copyName: string, guard: Guard = UNGUARDED): Promise<void> {
    const { apps, fate } = this.engine;
    const app = apps.get(name);
    if (app === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    if (apps.has(copyName)) return;
    await this.engine.change(`copy app ${app.spec.deploymentId}`, guard);
    apps.set(copyName, { spec: app.spec, fate, replicas: 1, nodeId: this.engine.freeNode() });
  }

  hasContainers(owner: Owner): Promise<boolean> {
    return Promise.resolve(this.engine.running(owner).length > 0);
  }

  listRunningEnvironments(projectId: string): Promise<string[]> {
    return Promise.resolve(this.engine.running({ projectId }).map(({ environmentId }) => environmentId));
  }

  listForEnvironment(environmentId: string) {
    this.engine.throwIfUnreachable();
    const found = [...this.engine.apps].filter(([, { spec }]) => spec.environmentId === environmentId);
    return Promise.resolve(
      found.map(([name, { spec, replicas }]) => ({
        id: name,
        name,
        deploymentId: spec.deploymentId,
        image: spec.image,
        replicas,
      })),
    );
  }

  async scale(name: string, replicas: number, guard: Guard = UNGUARDED): Promise<void> {
    const app = this.engine.apps.get(name);
    if (app === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    if (app.replicas === replicas) return;
    await this.engine.change(`scale app ${app.spec.deploymentId} to ${replicas}`, guard);
    // An app that starts again turns out as apps do now.
    if (app.replicas === 0) app.fate = this.engine.fate;
    app.replicas = replicas;
  }

  async remove(name: string, guard: Guard = UNGUARDED): Promise<ServiceRemoval> {
    const app = this.engine.apps.get(name);
    if (app === undefined) return 'missing';
    await this.engine.change(`remove app ${app.spec.deploymentId}`, guard);
    this.engine.apps.delete(name);
    return 'removed';
  }

  tasks(name: string): Promise<ServiceTask[]> {
    this.engine.throwIfUnreachable();
    const app = this.engine.apps.get(name);
    return Promise.resolve(
      app === undefined ? [] : TASKS[app.fate].map((one, n) => task(one, n, app.nodeId)),
    );
  }

  tailLogs(name: string) {
    if (!this.engine.apps.has(name)) throw new EngineNotFoundError(`The service ${name} is not there.`);
    return Promise.resolve([{ stream: 'stderr' as const, text: 'the last words of the app' }]);
  }

  environmentOf(name: string) {
    return Promise.resolve(this.engine.apps.get(name)?.spec.env ?? null);
  }

  /** Unlike the real one, ends after the lines so far. */
  async *followLogs(name: string, { since = '0' }: FollowOptions): AsyncGenerator<ServiceLogLine> {
    const app = this.engine.apps.get(name);
    if (app === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    for (const line of this.engine.output.get(app.spec.deploymentId) ?? []) {
      if (BigInt(nanosecondsOf(line.time) ?? 0) >= BigInt(since)) yield await Promise.resolve(line);
    }
  }
}

function task(
  [state, error, exitCode]: (typeof TASKS)[Fate][number],
  n: number,
  nodeId = 'node-1',
): ServiceTask {
  return {
    id: `task-${n}`,
    state,
    desiredState: 'running',
    nodeId: state === 'pending' ? null : nodeId,
    since: new Date(0),
    ...(error !== undefined && { error }),
    ...(exitCode !== undefined && { exitCode }),
  };
}

/** The public surface of `SharedServices` that the lifecycle worker uses. */
export class FakeSharedServices implements Pick<
  SharedServices,
  'ensure' | 'listForProject' | 'scale' | 'remove' | 'tasks'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async ensure(spec: SharedServiceSpec, guard: Guard = UNGUARDED): Promise<'ran' | 'started'> {
    const { shared, volumes } = this.engine;
    const name = sharedServiceName(INSTANCE, spec.projectId, spec.kind);
    const existing = shared.get(name);
    if (existing !== undefined && existing.replicas > 0) return 'ran';
    if (existing !== undefined) {
      await this.scale(name, 1, guard);
      return 'started';
    }
    await this.engine.change(`create ${spec.kind}`, guard);
    shared.set(name, { spec, replicas: 1 });
    volumes.add(sharedVolumeName(INSTANCE, spec.projectId, spec.kind, spec.volumeSuffix));
    return 'started';
  }

  listForProject(projectId: string) {
    this.engine.throwIfUnreachable();
    const found = [...this.engine.shared].filter(([, { spec }]) => spec.projectId === projectId);
    return Promise.resolve(found.map(([name, { spec, replicas }]) => ({ name, kind: spec.kind, replicas })));
  }

  async scale(name: string, replicas: number, guard: Guard = UNGUARDED): Promise<void> {
    const service = this.engine.shared.get(name);
    if (service === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    await this.engine.change(`scale ${service.spec.kind} to ${replicas}`, guard);
    service.replicas = replicas;
  }

  async remove(name: string, guard: Guard = UNGUARDED): Promise<ServiceRemoval> {
    const service = this.engine.shared.get(name);
    if (service === undefined) return 'missing';
    await this.engine.change(`remove ${service.spec.kind}`, guard);
    this.engine.shared.delete(name);
    return 'removed';
  }

  tasks(name: string): Promise<ServiceTask[]> {
    const service = this.engine.shared.get(name);
    if (service === undefined || service.replicas === 0) return Promise.resolve([]);
    const full =
      'no suitable node (insufficient resources on 1 node; scheduling constraints not satisfied on 1 node)';
    return Promise.resolve([task(this.engine.hasRoomForServices ? ['running'] : ['pending', full], 0)]);
  }
}
