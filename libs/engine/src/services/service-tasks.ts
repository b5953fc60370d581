/** The states of a task, in order: https://docs.docker.com/engine/swarm/how-swarm-mode-works/swarm-task-states/ */
export type TaskState =
  | 'new'
  | 'allocated'
  | 'pending'
  | 'assigned'
  | 'accepted'
  | 'preparing'
  | 'ready'
  | 'starting'
  | 'running'
  | 'complete'
  | 'shutdown'
  | 'failed'
  | 'rejected'
  | 'remove'
  | 'orphaned';

/** One attempt by Swarm to run a container. */
export interface ServiceTask {
  readonly id: string;
  readonly state: TaskState;
  readonly desiredState: TaskState;
  /** The container's exit code, once it has ended. */
  readonly exitCode?: number;
  /** The reason for the task's state: "no suitable node …", "task: non-zero exit (1)", … */
  readonly error?: string;
  readonly containerId?: string;
  /** Null until Swarm has found a node. */
  readonly nodeId: string | null;
  /** When the task entered this state. */
  readonly since: Date;
}

/** The part of a `GET /tasks` response read here. */
export interface TaskResponse {
  readonly ID: string;
  readonly CreatedAt: string;
  readonly DesiredState: string;
  readonly NodeID?: string;
  readonly Status: {
    readonly Timestamp: string;
    readonly State: string;
    readonly Err?: string;
    readonly ContainerStatus?: { readonly ContainerID?: string; readonly ExitCode?: number };
  };
}

const ENDED: readonly string[] = ['complete', 'failed', 'shutdown', 'orphaned', 'remove'];

/** Reports whether a task in this state has no running container and never will. */
export function isOver(state: string): boolean {
  return state === 'rejected' || ENDED.includes(state);
}

/** Converts tasks, newest first. */
export function serviceTasks(response: readonly TaskResponse[]): ServiceTask[] {
  return [...response].sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt)).map(serviceTask);
}

function serviceTask({ ID, DesiredState, NodeID, Status }: TaskResponse): ServiceTask {
  const { ContainerStatus: container, Err: error } = Status;
  const containerId = container?.ContainerID ?? '';
  const ended = ENDED.includes(Status.State) && containerId !== '';
  return {
    id: ID,
    state: Status.State as TaskState,
    desiredState: DesiredState as TaskState,
    // The engine leaves out an exit code of 0.
    ...(ended && { exitCode: container?.ExitCode ?? 0 }),
    ...(error !== undefined && error !== '' && { error }),
    ...(containerId !== '' && { containerId }),
    nodeId: NodeID === undefined || NodeID === '' ? null : NodeID,
    since: new Date(Status.Timestamp),
  };
}
