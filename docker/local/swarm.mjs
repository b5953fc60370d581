// @ts-check
import { SetupError, messageOf } from './setup-error.mjs';
import { step } from './progress.mjs';

const PORT = 2377;

/**
 * Makes the engine a Swarm of one, unless it manages a Swarm already.
 *
 * @param {import('./docker-engine.mjs').Engine} found
 * @param {import('./docker-engine.mjs').Context} context
 */
export async function ensureSwarm({ engine, info }, { environment, log }) {
  const swarm = info.Swarm ?? {};
  switch (swarm.LocalNodeState) {
    case 'active':
      if (swarm.ControlAvailable) return;
      throw new SetupError(
        'This Docker Engine is a worker of a Swarm, and Nexos needs a manager. Set DOCKER_HOST to a manager, or promote this node there (docker node promote).',
      );
    case 'locked':
      throw new SetupError(
        'This Docker Engine is a locked Swarm manager. Unlock it (docker swarm unlock), then try again.',
      );
    case 'pending':
      throw new SetupError(
        'This Docker Engine is still joining a Swarm. Wait until it has, or leave it (docker swarm leave).',
      );
    case 'error':
      throw new SetupError(
        `This Docker Engine's Swarm has failed (${swarm.Error}). If nothing in it is needed, leave it (docker swarm leave --force), then try again.`,
      );
    default:
  }
  const advertise = environment['SWARM_ADVERTISE_ADDR'] || '127.0.0.1';
  await step(log, 'Starting Docker Swarm', async () => {
    try {
      await engine.request('POST', '/swarm/init', {
        body: {
          // Other machines join only when an address for them was given; until then nobody else need reach it.
          ListenAddr: `${advertise === '127.0.0.1' ? '127.0.0.1' : '0.0.0.0'}:${PORT}`,
          AdvertiseAddr: advertise,
          DefaultAddrPool: [environment['SWARM_ADDRESS_POOL'] || '10.128.0.0/9'],
          SubnetSize: 24,
        },
      });
    } catch (error) {
      throw new SetupError(`Docker Swarm could not be started: ${messageOf(error)}`);
    }
  });
}
