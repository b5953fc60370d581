import { setTimeout } from 'node:timers/promises';
import { EngineConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { EngineClient } from '../client/engine-client.js';
import { EngineNotManagerError } from '../client/engine-errors.js';
import { Engine, type SwarmState } from '../client/engine.js';
import { type Guard, UNGUARDED } from '../client/guard.js';

const SWARM_PORT = 2377;
/** One /24 per project network: 254 addresses. */
const SUBNET_SIZE = 24;
/** Creating a Swarm makes keys and starts a Raft log. */
const INIT_DEADLINE_MS = 60_000;
const START_DEADLINE_MS = 20_000;
const POLL_MS = 100;

/** Makes sure that the engine can do Swarm work: one machine is a Swarm of one. */
@Injectable()
export class SwarmMembership {
  constructor(
    private readonly client: EngineClient,
    private readonly engine: Engine,
    private readonly config: EngineConfig,
  ) {}

  /**
   * Starts a Swarm when the engine is in none.
   *
   * @returns the id of the engine's node
   * @throws {EngineNotManagerError} when the engine belongs to a Swarm that it does not manage, or cannot start one
   */
  async ensure(guard: Guard = UNGUARDED): Promise<string> {
    let { swarm } = await this.engine.info();
    if (swarm.state === 'inactive') {
      await this.init(guard);
      ({ swarm } = await this.engine.info());
    }
    // Starting takes the engine a moment, also when somebody else has begun it.
    for (const end = Date.now() + START_DEADLINE_MS; swarm.state === 'pending' && Date.now() < end;) {
      await setTimeout(POLL_MS);
      ({ swarm } = await this.engine.info());
    }
    if (swarm.state === 'active' && swarm.isManager && swarm.nodeId !== null) return swarm.nodeId;
    throw new EngineNotManagerError(explain(swarm));
  }

  private async init(guard: Guard): Promise<void> {
    const { swarmAdvertiseAddr, swarmAddressPool } = this.config;
    // A Swarm that only this machine can reach need not listen to others.
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
      // Another worker of this engine may have been quicker.
      const { state } = (await this.engine.info()).swarm;
      if (state === 'inactive') throw error;
    }
  }
}

function explain(swarm: SwarmState): string {
  switch (swarm.state) {
    case 'active':
      return 'The engine is a worker of a Swarm: set DOCKER_HOST to one of the managers.';
    case 'locked':
      return 'The Swarm is locked: run "docker swarm unlock" on the engine.';
    default:
      return `The engine's Swarm state is "${swarm.state}"${swarm.error === '' ? '' : `: ${swarm.error}`}.`;
  }
}
