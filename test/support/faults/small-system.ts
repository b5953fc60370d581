import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anyPort } from '../any-port.js';
import type { TestSystem } from '../global-setup.js';
import { NexosStack } from '../nexos/nexos-stack.js';
import { SmallEngine } from '../small-engine.js';

const BASE_IMAGE = 'nexos-local/debian:bookworm';
const INGRESS_CONFIG = fileURLToPath(new URL('../../../docker/haproxy', import.meta.url));

/** An installation on an engine with a small disk, which a test may kill or fill. */
export class SmallSystem {
  private constructor(
    readonly nexos: NexosStack,
    readonly engine: SmallEngine,
    private readonly front: Server,
  ) {}

  static async start(system: TestSystem, sizeMb: number): Promise<SmallSystem> {
    const haproxy = system.images.haproxy ?? '';
    const engine = await SmallEngine.start({ sizeMb, images: [haproxy, BASE_IMAGE] });
    const port = await anyPort();
    const nexos = await NexosStack.start(system, {
      engine: engine.docker,
      env: { DOCKER_HOST: engine.host, PUBLIC_PORT: String(port) },
    });
    const socketDir = nexos.env.INGRESS_SOCKET_DIR ?? '';
    mkdirSync(socketDir, { recursive: true });
    await startIngress(engine, haproxy, socketDir);
    // The engine's network cannot be reached from outside, except over the ingress's sockets.
    const front = createServer((client) => {
      const ingress = connect(join(socketDir, 'http.sock'));
      client.pipe(ingress).pipe(client);
      client.on('error', () => ingress.destroy());
      ingress.on('error', () => client.destroy());
    }).listen(port, '127.0.0.1');
    await once(front, 'listening');
    return new SmallSystem(nexos, engine, front);
  }

  async stop(): Promise<void> {
    this.front.close();
    await this.nexos.stop();
    await this.engine.stop();
  }
}

async function startIngress({ docker }: SmallEngine, image: string, socketDir: string): Promise<void> {
  const ingress = await docker.createContainer({
    name: 'ingress',
    Image: image,
    User: '0:0',
    Cmd: ['sh', '/usr/local/etc/haproxy/start.sh'],
    StopSignal: 'SIGTERM',
    Env: ['INGRESS_BIND=unix@/run/nexos/http.sock'],
    HostConfig: {
      NetworkMode: 'host',
      // The engine does not start others again after a crash that their processes survived.
      RestartPolicy: { Name: 'always' },
      Mounts: [
        { Type: 'bind', Source: INGRESS_CONFIG, Target: '/usr/local/etc/haproxy', ReadOnly: true },
        { Type: 'bind', Source: socketDir, Target: '/run/nexos' },
      ],
    },
  });
  await ingress.start();
}
