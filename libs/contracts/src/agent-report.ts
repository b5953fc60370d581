import type { CommandProblem, Listener } from '@nexos/domain';

/** The path of the API's socket for agents, in the folder of sockets, and of its only endpoint. */
export const AGENT_SOCKET = 'agent.sock';
export const AGENT_REPORTS_PATH = '/reports';

/** Limits of a report, which the agent keeps and the API enforces. */
export const AGENT_REPORT_LIMITS = {
  bytes: 1024 * 1024,
  /** Containers whose facts are in one report. */
  containers: 50,
  /** Containers that one machine may list. */
  listed: 5_000,
  /** Last output lines of a container that ended, and the bytes of all of them. */
  lines: 20,
  lineBytes: 8 * 1024,
  /** Sockets on which a container waits for connections. */
  listeners: 20,
  /** Characters of a file's name. */
  fileName: 200,
} as const;

/** The last output of a container that ended. */
export interface ContainerOutputLine {
  /** The engine's own timestamp: RFC 3339 with up to nine decimals. */
  readonly time: string;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** How a container ended. Times are RFC 3339. */
export interface ContainerEnd {
  readonly at: string;
  readonly code: number;
  readonly isOutOfMemory: boolean;
  /** The HEALTHCHECK of its image had failed. */
  readonly isUnhealthy: boolean;
  /** The engine was asked to stop it. */
  readonly isStopped: boolean;
  readonly lines: readonly ContainerOutputLine[];
  /** Why its command could not run; null when that is not known. */
  readonly commandProblem: CommandProblem | null;
}

/** What an agent knows about one run of a container. A run only ever gains facts, so repeating them is harmless. */
export interface ContainerRun {
  readonly id: string;
  readonly deploymentId: string;
  /** Which of the deployment's containers. */
  readonly container: string;
  readonly name: string;
  /** Its address on the network of its project. */
  readonly address: string | null;
  readonly startedAt: string;
  /** When the kernel last killed one of its processes for lack of memory. */
  readonly outOfMemoryAt: string | null;
  /** The sockets on which it waits for connections; null when that is not known. */
  readonly listeners: readonly Listener[] | null;
  /** Null while it runs. */
  readonly end: ContainerEnd | null;
}

/** What an agent sends: an empty one only says that the agent is alive. */
export interface AgentReport {
  /** The id of the machine's node in the Swarm. */
  readonly machine: string;
  readonly containers: readonly ContainerRun[];
  /** After the agent has listed the machine's containers: when it began to, and the ids of those that run. */
  readonly listed: { readonly at: string; readonly ids: readonly string[] } | null;
}
