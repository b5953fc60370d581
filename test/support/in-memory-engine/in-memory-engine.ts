import {
  EngineUnavailableError,
  type DeploymentServiceSpec,
  type Guard,
  type JobEnd,
  type OneOffJobSpec,
  type Owner,
  type SharedServiceSpec,
  type SwarmNode,
} from '@nexos/engine';

/** What comes of an app's container. */
export type Fate = 'answers' | 'answers 500' | 'does not answer' | 'exits' | 'has no image' | 'finds no node';

export interface AppService {
  readonly spec: DeploymentServiceSpec;
  readonly fate: Fate;
  replicas: number;
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
 * Docker Engine, Swarm and the ingress, as far as a lifecycle worker sees them: what it asks for is there at once, and
 * what comes of it is said in advance. It keeps to what the real one promises, which the tests of libs/engine show.
 */
export class InMemoryEngine {
  /** By the name of the Swarm service. */
  readonly apps = new Map<string, AppService>();
  readonly shared = new Map<string, ProjectService>();
  readonly volumes = new Set<string>();
  /** Environments whose app does not end at once when it is told to stop, and may have a container that is stopping. */
  readonly stopping = new Set<string>();
  /** The deployments that were ever given a container. */
  readonly begun = new Map<string, DeploymentServiceSpec>();
  /** By project. */
  readonly networks = new Set<string>();
  /** Host name to `service:port`. */
  readonly routes = new Map<string, string>();
  jobs: LeftJob[] = [];
  /** Every change that was made, in order, such as `create app dep_…`. */
  changes: string[] = [];
  nodes!: SwarmNode[];
  /** Null: this machine is in no Swarm. */
  nodeId!: string | null;
  isAway!: boolean;
  /** What comes of the apps and jobs that are begun from now on. */
  fate!: Fate;
  jobEnds!: (spec: OneOffJobSpec) => JobEnd;
  /** Throws where the engine would refuse. */
  refuses!: (change: string) => void;
  /** Is awaited before each change, for what happens meanwhile. */
  before!: (change: string) => Promise<void>;

  constructor() {
    this.beWell();
  }

  /** Does from now on what it is asked for, and forgets what it was asked for. */
  beWell(): void {
    this.changes = [];
    this.nodes = [NODE];
    this.nodeId = NODE.swarmId;
    this.isAway = false;
    this.fate = 'answers';
    this.jobEnds = () => ({ kind: 'exited', code: 0 });
    this.refuses = () => undefined;
    this.before = () => Promise.resolve();
  }

  /** Makes a change as the real one does: the caller's guard is asked right before. */
  async change(change: string, guard: Guard): Promise<void> {
    await this.before(change);
    this.throwIfAway();
    await guard();
    this.refuses(change);
    this.changes.push(change);
  }

  /** The deployments of an owner that have a container, also one that is stopping. */
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

  throwIfAway(): void {
    if (this.isAway) throw new EngineUnavailableError('The engine does not answer.');
  }
}
