import { setTimeout } from 'node:timers/promises';
import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotManagerError } from '../client/engine-errors.js';
import { Engine, type SwarmState } from '../client/engine.js';
import { type Guard, UNGUARDED } from '../client/guard.js';

const SWARM_PORT = 2377;
/** Gives each project network a /24: 254 addresses. */
const SUBNET_SIZE = 24;
/** Creating a Swarm makes keys and starts a Raft log. */
const INIT_DEADLINE_MS = 60_000;
const START_DEADLINE_MS = 20_000;
const POLL_MS = 100;

/** Makes the engine a Swarm manager; a single node forms a Swarm of one. */
@Injectable()
export class SwarmMembership {
  constructor(
    private readonly client: EngineClient,
    private readonly engine: Engine,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Starts a Swarm unless the engine is already in one.
   *
   * @returns the id of the engine's node
   * @throws {EngineNotManagerError} when the engine is not a manager of its Swarm, or cannot start one
   */
  async ensure(guard: Guard = UNGUARDED): Promise<string> {
    let { swarm } = await this.engine.info();
    if (swarm.state === 'inactive') {
      await this.init(guard);
      ({ swarm } = await this.engine.info());
    }
    // Starting takes the engine a moment, even if another process began it.
    for (const end = Date.now() + START_DEADLINE_MS; swarm.state === 'pending' && Date.now() < end;) {
      await setTimeout(POLL_MS);
      ({ swarm } = await this.engine.info());
    }
    if (swarm.state === 'active' && swarm.isManager && swarm.nodeId !== null) return swarm.nodeId;
    throw new EngineNotManagerError(explain(swarm));
  }

  private async init(guard: Guard): Promise<void> {
    const { swarmAdvertiseAddr, swarmAddressPool } = this.config;
    // A Swarm that only this machine can reach need not listen on other addresses.
    const listenOn = swarmAdvertiseAddr.startsWith('127.') ? '127.0.0.1' : '0.0.0.0';
    const options = {
      ListenAddr: `${listenOn}:${SWARM_PORT}`,
      AdvertiseAddr: swarmAdvertiseAddr,
      DefaultAddrPool: [swarmAddressPool],
      SubnetSize: SUBNET_SIZE,
    };
    try {
      await this.client.change(guard, (docker) => docker.swarmInit(options), INIT_DEADLINE_MS);
    } catch (error) {
      // Another worker on this engine may have started the Swarm first.
      const { state } = (await this.engine.info()).swarm;
      if (state === 'inactive') throw error;
    }
  }
}

function explain(swarm: SwarmState): string {
  switch (swarm.state) {
    case 'active':
      return 'The container engine is a worker of a Swarm. Set DOCKER_HOST to one of the managers.';
    case 'locked':
      return 'The Swarm is locked. Run "docker swarm unlock" on the engine.';
    default:
      return `The container engine's Swarm state is "${swarm.state}"${swarm.error === '' ? '' : `: ${swarm.error}`}.`;
  }
}
