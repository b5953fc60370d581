import type { Engine } from './engine.js';
import type { Context } from './home.js';
import { step } from './progress.mjs';
import { SetupError, messageOf } from './setup-error.mjs';

const PORT = 2377;

/** Why an engine is unusable, by the state of its Swarm node. Here, `active` means a worker. */
const UNUSABLE = new Map([
  [
    'active',
    'is a worker of a Swarm, but Nexos needs a manager. Set DOCKER_HOST to a manager, or promote this node on one (docker node promote).',
  ],
  ['locked', 'is a locked Swarm manager. Unlock it (docker swarm unlock), then try again.'],
  ['pending', 'is still joining a Swarm. Wait until it has joined, or leave it (docker swarm leave).'],
]);

/** Starts a Swarm of one machine, unless the engine already manages a Swarm. */
export async function ensureSwarm({ docker, info }: Engine, { environment, log }: Context): Promise<void> {
  const { LocalNodeState: state = 'inactive', ControlAvailable: isManager, Error: reason } = info.Swarm ?? {};
  if (isManager === true) return;
  const problem = UNUSABLE.get(state);
  if (problem !== undefined) throw new SetupError(`This Docker Engine ${problem}`);
  if (state === 'error') {
    throw new SetupError(
      `The Swarm of this Docker Engine has failed (${reason}). If you need nothing in that Swarm, leave it (docker swarm leave --force), then try again.`,
    );
  }
  const advertise = environment.SWARM_ADVERTISE_ADDR || '127.0.0.1';
  await step(log, 'Starting Docker Swarm', async () => {
    try {
      await docker.swarmInit({
        // Without an address for other machines to join at, only this machine needs to connect.
        ListenAddr: `${advertise === '127.0.0.1' ? '127.0.0.1' : '0.0.0.0'}:${PORT}`,
        AdvertiseAddr: advertise,
        DefaultAddrPool: [environment.SWARM_ADDRESS_POOL || '10.128.0.0/9'],
        SubnetSize: 24,
      });
    } catch (error) {
      throw new SetupError(`Could not start Docker Swarm: ${messageOf(error)}`);
    }
  });
}
