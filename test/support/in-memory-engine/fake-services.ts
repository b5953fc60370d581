import { nanosecondsOf, runtimeLogName } from '@nexos/contracts';
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
  type VersionContainer,
} from '@nexos/engine';
import { type AppService, type Fate, type InMemoryEngine, TASKS } from './in-memory-engine.js';

/** The instance name of every in-memory installation. */
export const INSTANCE = 'memory';
const UNGUARDED: Guard = () => Promise.resolve();

/** The public surface of `DeploymentServices` that the lifecycle worker uses. */
export class FakeDeploymentServices implements Pick<
  DeploymentServices,
  | 'create'
  | 'resume'
  | 'restart'
  | 'copy'
  | 'isOnBridge'
  | 'listAll'
  | 'listForProject'
  | 'hasContainers'
  | 'listRunningEnvironments'
  | 'listRunningDeployments'
  | 'listForEnvironment'
  | 'scale'
  | 'remove'
  | 'tasks'
  | 'tailLogs'
  | 'environmentOf'
  | 'followLogs'
  | 'nameOf'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async create(spec: DeploymentServiceSpec, guard: Guard = UNGUARDED): Promise<string> {
    const { apps, begun, networks } = this.engine;
    const name = this.nameOf(spec);
    if (!networks.has(spec.projectId))
      throw new EngineNotFoundError(`Project ${spec.projectId} has no network.`);
    if (spec.hasSiblings && !this.engine.versionNetworks.has(spec.deploymentId))
      throw new EngineNotFoundError(`${spec.deploymentId} has no network of its own.`);
    await this.engine.change(`create ${spec.container} ${spec.deploymentId}`, guard);
    begun.set(`${spec.deploymentId} ${spec.container}`, spec);
    const existing = apps.get(name);
    if (existing === undefined)
      apps.set(name, { spec, ...this.started(spec), nodeId: this.engine.freeNode() });
    else if (existing.replicas === 0) Object.assign(existing, this.started(spec));
    return name;
  }

  nameOf({ deploymentId, moves, index }: VersionContainer): string {
    return serviceName(INSTANCE, deploymentId, moves, index);
  }

  async resume(container: VersionContainer, guard: Guard = UNGUARDED): Promise<boolean> {
    const name = this.nameOf(container);
    if (!this.engine.apps.has(name)) return false;
    await this.scale(name, 1, guard);
    return true;
  }

  async restart(
    { nodeId, ...container }: Parameters<DeploymentServices['restart']>[0],
    guard: Guard = UNGUARDED,
  ): Promise<boolean> {
    const app = this.engine.apps.get(this.nameOf(container));
    if (app?.replicas === 0) {
      const { container: name, deploymentId } = app.spec;
      await this.engine.change(`scale ${name} ${deploymentId} to 1`, guard);
      Object.assign(app, this.started({ nodeId, container: name }));
    }
    return app !== undefined;
  }

  isOnBridge(name: string): Promise<boolean> {
    this.engine.throwIfUnreachable();
    return Promise.resolve((this.engine.apps.get(name) ?? this.engine.shared.get(name))?.isOnBridge ?? true);
  }

  listAll() {
    return Promise.resolve(this.list(() => true));
  }

  listForProject(projectId: string) {
    return Promise.resolve(this.list(({ spec }) => spec.projectId === projectId));
  }

  private list(isListed: (app: AppService) => boolean) {
    this.engine.throwIfUnreachable();
    return [...this.engine.apps]
      .filter(([, app]) => isListed(app))
      .map(([name, { spec, replicas, isOnBridge }]) => ({
        id: name,
        name,
        projectId: spec.projectId,
        deploymentId: spec.deploymentId,
        container: spec.container,
        image: spec.image,
        replicas,
        isOnBridge,
      }));
  }

  /** What changes when an app starts: it turns out as apps do now. */
  private started({ nodeId, container }: { nodeId?: string | undefined; container: string }) {
    const isOnBridge = this.engine.joinsBridge(nodeId);
    return { fate: this.fateOf(container), replicas: 1, isOnBridge };
  }

  private fateOf(container: string): Fate {
    return this.engine.fates[container] ?? this.engine.fate;
  }

  async copy(
    name: string,
    copyName: string,
    nodeId: string | undefined,
    guard: Guard = UNGUARDED,
  ): Promise<void> {
    const { apps } = this.engine;
    const app = apps.get(name);
    if (app === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    if (apps.has(copyName)) return;
    await this.engine.change(`copy ${app.spec.container} ${app.spec.deploymentId}`, guard);
    const started = this.started({ nodeId, container: app.spec.container });
    apps.set(copyName, { spec: app.spec, ...started, nodeId: this.engine.freeNode() });
  }

  hasContainers(owner: Owner): Promise<boolean> {
    return Promise.resolve(this.engine.running(owner).length > 0);
  }

  listRunningEnvironments(projectId: string): Promise<string[]> {
    const ids = this.engine.running({ projectId }).map(({ environmentId }) => environmentId);
    return Promise.resolve([...new Set(ids)]);
  }

  listRunningDeployments(environmentId: string): Promise<string[]> {
    const ids = this.engine.running({ environmentId }).map(({ deploymentId }) => deploymentId);
    return Promise.resolve([...new Set(ids)]);
  }

  listForEnvironment(environmentId: string) {
    return Promise.resolve(this.list(({ spec }) => spec.environmentId === environmentId));
  }

  async scale(name: string, replicas: number, guard: Guard = UNGUARDED): Promise<void> {
    const app = this.engine.apps.get(name);
    if (app === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    if (app.replicas === replicas) return;
    await this.engine.change(`scale ${app.spec.container} ${app.spec.deploymentId} to ${replicas}`, guard);
    // An app that starts again turns out as apps do now.
    if (app.replicas === 0) app.fate = this.fateOf(app.spec.container);
    app.replicas = replicas;
  }

  async remove(name: string, guard: Guard = UNGUARDED): Promise<ServiceRemoval> {
    const app = this.engine.apps.get(name);
    if (app === undefined) return 'missing';
    await this.engine.change(`remove ${app.spec.container} ${app.spec.deploymentId}`, guard);
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
    for (const line of this.engine.output.get(runtimeLogName(app.spec)) ?? []) {
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
  'ensure' | 'joinBridge' | 'listForProject' | 'listAll' | 'scale' | 'remove' | 'tasks'
> {
  constructor(private readonly engine: InMemoryEngine) {}

  async ensure(spec: SharedServiceSpec, guard: Guard = UNGUARDED): Promise<'ran' | 'started'> {
    const { shared, volumes } = this.engine;
    const name = sharedServiceName(INSTANCE, spec.projectId, spec.kind);
    const existing = shared.get(name);
    if (existing !== undefined && existing.replicas > 0) return 'ran';
    if (existing !== undefined) {
      await this.scale(name, 1, guard);
      existing.isOnBridge = this.joinsBridge(spec);
      return 'started';
    }
    await this.engine.change(`create ${spec.kind}`, guard);
    shared.set(name, { spec, replicas: 1, isOnBridge: this.joinsBridge(spec) });
    volumes.add(sharedVolumeName(INSTANCE, spec.projectId, spec.kind, spec.volumeSuffix));
    return 'started';
  }

  async joinBridge({ name }: { name: string }, guard: Guard = UNGUARDED): Promise<void> {
    const service = this.engine.shared.get(name);
    if (service === undefined) throw new EngineNotFoundError(`The service ${name} is not there.`);
    await this.engine.change(`restart ${service.spec.kind}`, guard);
    service.isOnBridge = true;
  }

  async listForProject(projectId: string) {
    return (await this.listAll()).filter((service) => service.projectId === projectId);
  }

  listAll() {
    this.engine.throwIfUnreachable();
    return Promise.resolve(
      [...this.engine.shared].map(([name, { spec, replicas, isOnBridge }]) => ({
        name,
        kind: spec.kind,
        projectId: spec.projectId,
        replicas,
        isOnBridge,
        nodeId: spec.nodeId,
      })),
    );
  }

  private joinsBridge({ isBehindIngress, nodeId }: SharedServiceSpec): boolean {
    return isBehindIngress && this.engine.joinsBridge(nodeId);
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
