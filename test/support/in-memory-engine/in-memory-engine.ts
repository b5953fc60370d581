import {
  EngineUnavailableError,
  type DeploymentServiceSpec,
  type Guard,
  type JobEnd,
  type OneOffJobSpec,
  type Owner,
  type ServiceLogLine,
  type SharedServiceSpec,
  type SwarmNode,
} from '@nexos/engine';

/** How an app's container turns out. */
export type Fate = 'answers' | 'answers 500' | 'does not answer' | 'exits' | 'has no image' | 'finds no node';

export interface AppService {
  readonly spec: DeploymentServiceSpec;
  fate: Fate;
  replicas: number;
  /** The node of its container. */
  readonly nodeId: string;
}
export interface ProjectService {
  readonly spec: SharedServiceSpec;
  replicas: number;
}
export interface LeftJob {
  readonly spec: OneOffJobSpec;
  readonly end: JobEnd;
}

const NODE: SwarmNode = {
  swarmId: 'node-1',
  hostname: 'one',
  role: 'manager',
  state: 'ready',
  availability: 'active',
  address: '127.0.0.1',
  cpus: 2,
  memoryMb: 4_096,
  engineVersion: '20.10.24',
  isLeader: true,
  joinedAt: new Date(0),
};

/**
 * Docker Engine, Swarm and the ingress as a lifecycle worker sees them: requests take effect at once, with an outcome
 * set in advance. It keeps the promises of the real engine, which the tests of libs/engine check.
 */
export class InMemoryEngine {
  /** By the name of the Swarm service. */
  readonly apps = new Map<string, AppService>();
  readonly shared = new Map<string, ProjectService>();
  readonly volumes = new Set<string>();
  /** Environments whose app does not stop at once, and may have a container that is still stopping. */
  readonly stopping = new Set<string>();
  /** The deployments that have ever had a container. */
  readonly begun = new Map<string, DeploymentServiceSpec>();
  /** What the containers of a deployment wrote. */
  readonly output = new Map<string, ServiceLogLine[]>();
  /** By project. */
  readonly networks = new Set<string>();
  /** Host name to `service:port:milliseconds`. */
  readonly routes = new Map<string, string>();
  jobs: LeftJob[] = [];
  /** Every change, in order, such as `create app dep_…`. */
  changes: string[] = [];
  nodes!: SwarmNode[];
  /** Null when this machine is in no Swarm. */
  nodeId!: string | null;
  isUnreachable!: boolean;
  /** How apps and jobs that begin from now on turn out. */
  fate!: Fate;
  /** Whether services that begin find unreserved memory on their node. */
  hasRoomForServices!: boolean;
  jobEnds!: (spec: OneOffJobSpec) => JobEnd;
  /** Throws where the engine would reject a change. */
  refuses!: (change: string) => void;
  /** Runs before each change, to simulate what happens concurrently. */
  before!: (change: string) => Promise<void>;

  constructor() {
    this.reset();
  }

  /** Resets all faults and outcomes, and forgets the changes so far. */
  reset(): void {
    this.changes = [];
    this.nodes = [NODE];
    this.nodeId = NODE.swarmId;
    this.isUnreachable = false;
    this.fate = 'answers';
    this.hasRoomForServices = true;
    this.jobEnds = () => ({ kind: 'exited', code: 0 });
    this.refuses = () => undefined;
    this.before = () => Promise.resolve();
  }

  /** Makes a change as the real one does, with the caller's guard right before it. */
  async change(change: string, guard: Guard): Promise<void> {
    await this.before(change);
    this.throwIfUnreachable();
    await guard();
    this.refuses(change);
    this.changes.push(change);
  }

  /** Returns the node where Swarm would start a container. */
  freeNode(): string {
    return this.nodes.find(({ availability }) => availability === 'active')?.swarmId ?? 'none';
  }

  /** Returns the deployments of an owner that have a container, even one that is stopping. */
  running(owner: Owner): DeploymentServiceSpec[] {
    const isUp = ({ deploymentId }: DeploymentServiceSpec) =>
      [...this.apps.values()].some(
        ({ spec, replicas }) => spec.deploymentId === deploymentId && replicas > 0,
      );
    return [...this.begun.values()].filter(
      (spec) =>
        (owner.projectId ?? spec.projectId) === spec.projectId &&
        (owner.environmentId ?? spec.environmentId) === spec.environmentId &&
        (owner.deploymentId ?? spec.deploymentId) === spec.deploymentId &&
        (this.stopping.has(spec.environmentId) || isUp(spec)),
    );
  }

  throwIfUnreachable(): void {
    if (this.isUnreachable) throw new EngineUnavailableError('The engine does not answer.');
  }
}
