import { Injectable } from '@nestjs/common';
import { EngineClient } from './engine-client.js';
import { EngineUnavailableError } from './engine-errors.js';

const PING_DEADLINE_MS = 3_000;

export interface EngineInfo {
  /** The engine's own id, stable across restarts. */
  readonly id: string;
  /** By the engine's clock. */
  readonly time: Date;
  /** Such as `20.10.24`. */
  readonly version: string;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** The engine's data folder on its own machine. */
  readonly rootFolder: string;
  /** `key=value` pairs that the daemon was started with. */
  readonly labels: readonly string[];
  readonly swarm: SwarmState;
}

export interface SwarmState {
  readonly state: 'active' | 'inactive' | 'pending' | 'locked' | 'error';
  /** Null when the engine is not in a Swarm. */
  readonly nodeId: string | null;
  readonly isManager: boolean;
  /** Why the state is `error`; empty otherwise. */
  readonly error: string;
}

/** The part of `GET /info` read here. */
interface InfoResponse {
  readonly ID: string;
  /** RFC 3339. */
  readonly SystemTime: string;
  readonly ServerVersion: string;
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly DockerRootDir: string;
  readonly Labels?: string[] | null;
  readonly Swarm?: {
    readonly LocalNodeState?: string;
    readonly NodeID?: string;
    readonly ControlAvailable?: boolean;
    readonly Error?: string;
  };
}

/** The engine's health and facts. */
@Injectable()
export class Engine {
  constructor(private readonly client: EngineClient) {}

  /** @throws {EngineUnavailableError} when the engine does not answer in time */
  async ping(deadlineMs = PING_DEADLINE_MS): Promise<void> {
    await this.client.call((docker) => docker.ping(), deadlineMs);
  }

  async info(deadlineMs?: number): Promise<EngineInfo> {
    const info = (await this.client.call((docker) => docker.info(), deadlineMs)) as InfoResponse;
    if (typeof info.ServerVersion !== 'string') {
      throw new EngineUnavailableError('The endpoint at DOCKER_HOST is not a Docker Engine.');
    }
    const nodeId = info.Swarm?.NodeID ?? '';
    return {
      id: info.ID,
      time: new Date(info.SystemTime),
      version: info.ServerVersion,
      cpus: info.NCPU,
      memoryBytes: info.MemTotal,
      rootFolder: info.DockerRootDir,
      labels: info.Labels ?? [],
      swarm: {
        state: (info.Swarm?.LocalNodeState ?? 'inactive') as SwarmState['state'],
        nodeId: nodeId === '' ? null : nodeId,
        isManager: info.Swarm?.ControlAvailable === true,
        error: info.Swarm?.Error ?? '',
      },
    };
  }

  /** Returns whether containers on the default bridge, such as build steps, can reach each other. */
  async sharesDefaultBridge(deadlineMs?: number): Promise<boolean> {
    const { Options: options } = (await this.client.call(
      (docker) => docker.getNetwork('bridge').inspect(),
      deadlineMs,
    )) as { Options?: Record<string, string> };
    return options?.['com.docker.network.bridge.enable_icc'] !== 'false';
  }
}
