import { chmod, mkdir } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { dirname } from 'node:path';
import { PeriodicTimer } from '@nexos/queue';
import { drain } from './drain.js';
import { SharedSocket } from './shared-socket.js';

/** After a replica of the API has stopped, nobody may answer at the shared path for this long. */
const SOCKET_CHECK_MS = 1_000;
/** How long running requests may take on shutdown. */
const DRAIN_MS = 5_000;

/** An HTTP server on a unix socket, whose path the replicas of the API share. */
export class SocketServer {
  private readonly socket: SharedSocket;
  private readonly timer: PeriodicTimer;
  private server: Server | undefined;

  /** @param mode the permissions of the socket; those of its folder apply too */
  constructor(
    private readonly path: string,
    private readonly mode: number,
    private readonly listener: RequestListener,
  ) {
    this.socket = new SharedSocket(path);
    this.timer = new PeriodicTimer(`socket ${path}`, SOCKET_CHECK_MS, () => this.socket.takeIfDead());
  }

  async start(): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await this.socket.removeStale();
    const server = createServer(this.listener);
    const { own } = this.socket;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(own, resolve));
    await chmod(own, this.mode);
    await this.socket.take();
    this.server = server;
    this.timer.start();
  }

  async stop(): Promise<void> {
    await this.timer.stop();
    if (this.server !== undefined) await drain(this.server, DRAIN_MS);
  }
}
