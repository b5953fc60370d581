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
  type TaskState,
} from '@nexos/engine';

/** How an app's container turns out. */
export type Fate = 'answers' | 'answers 500' | 'does not answer' | 'exits' | 'has no image' | 'finds no node';

/** What Swarm reports of the tasks of a container, by how it turns out. */
export const TASKS: Record<Fate, [state: TaskState, error?: string, exitCode?: number][]> = {
  answers: [['running']],
  'answers 500': [['running']],
  'does not answer': [['running']],
  exits: [1, 2, 3].map(() => ['failed', 'task: non-zero exit (1)', 1]),
  'has no image': [['rejected', 'No such image: sha256:1']],
  'finds no node': [['pending', 'no suitable node (insufficient resources on 1 node)']],
};

export interface AppService {
  readonly spec: DeploymentServiceSpec;
  fate: Fate;
  replicas: number;
  /** The node of its container. */
  readonly nodeId: string;
  isOnBridge: boolean;
}
export interface ProjectService {
  readonly spec: SharedServiceSpec;
  isOnBridge: boolean;
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
  /** The size of each volume. */
  volumeBytes = 0;
  /** How often the volumes were measured. */
  measurements = 0;
  /** Environments whose app does not stop at once, and may have a container that is still stopping. */
  readonly stopping = new Set<string>();
  /** The containers of deployments that have ever run, by deployment and name. */
  readonly begun = new Map<string, DeploymentServiceSpec>();
  /** What containers wrote, by the name of their log. */
  readonly output = new Map<string, ServiceLogLine[]>();
  /** The tags of an image that no longer has the name it was pulled by. */
  readonly imageTags = new Map<string, readonly string[]>();
  /** By project. */
  readonly networks = new Set<string>();
  /** The deployments that have a network of their own, with their environments. */
  readonly versionNetworks = new Map<string, string>();
  /** Entries of the map of versions. */
  readonly versions = new Map<string, string>();
  /** The projects that have a relay. */
  readonly relays = new Set<string>();
  /** Host name to `service:port:milliseconds`, and the relay if there is one. */
  readonly routes = new Map<string, string>();
  /** From service to when its container is started again, in milliseconds since the epoch. */
  readonly holds = new Map<string, number>();
  jobs: LeftJob[] = [];
  /** Every change, in order, such as `create app dep_…`. */
  changes: string[] = [];
  nodes!: SwarmNode[];
  /** Null when this machine is in no Swarm. */
  nodeId!: string | null;
  isUnreachable!: boolean;
  /** How apps and jobs that begin from now on turn out. */
  fate!: Fate;
  /** The same for containers by name, where it differs. */
  fates!: Readonly<Record<string, Fate>>;
  /** Whether services that begin find unreserved memory on their node. */
  hasRoomForServices!: boolean;
  /** What the apps of this machine can reserve. */
  memoryMb!: number;
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
    this.fates = {};
    this.hasRoomForServices = true;
    this.memoryMb = 1_000_000;
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

  /** Returns whether a service that starts joins the bridge of its project. */
  joinsBridge(nodeId = this.onlyNode()): boolean {
    return nodeId === this.nodeId;
  }

  private onlyNode(): string | undefined {
    const active = this.nodes.filter(({ availability }) => availability === 'active');
    return active.length === 1 ? active[0]?.swarmId : undefined;
  }

  /** Returns the containers of an owner that run, even those that are stopping. */
  running(owner: Owner): DeploymentServiceSpec[] {
    const isUp = ({ deploymentId, container }: DeploymentServiceSpec) =>
      [...this.apps.values()].some(
        ({ spec, replicas }) =>
          spec.deploymentId === deploymentId && spec.container === container && replicas > 0,
      );
    return [...this.begun.values()].filter(
      (spec) =>
        (owner.projectId ?? spec.projectId) === spec.projectId &&
        (owner.environmentId ?? spec.environmentId) === spec.environmentId &&
        (owner.deploymentId ?? spec.deploymentId) === spec.deploymentId &&
        (owner.container ?? spec.container) === spec.container &&
        (this.stopping.has(spec.environmentId) || isUp(spec)),
    );
  }

  throwIfUnreachable(): void {
    if (this.isUnreachable) throw new EngineUnavailableError('The engine does not answer.');
  }
}
