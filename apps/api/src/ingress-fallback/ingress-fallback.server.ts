import { chmod, mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { type EnvironmentAtHost, RoutesRepository, wakeEnvironment } from '@nexos/state';
import { PeriodicTimer } from '@nexos/queue';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PAGE_POLICY, WAKING, explain, toHtml, toWaitingPage, type Explanation } from './environment-page.js';
import { FairQueue, QueueTimeoutError } from '../http/limits/fair-queue.js';
import { findAtHost, isJustAwake, isSleeping, isWaking } from './environment-at-host.js';
import { SharedSocket } from './shared-socket.js';
import { WakeWait } from './wake-wait.js';

/** How long visitors of what has no route may be without an explanation after a replica of the API has ended. */
const LOOK_EVERY_MS = 1_000;
/** Strangers ask here, and the API itself needs most of the database's connections. */
const LOOKS_AT_ONCE = 2;
const LOOK_WITHIN_MS = 10_000;
const LOOKS_WAITING = 2_000;

/**
 * Answers what the ingress has no route for, over a unix socket that only the ingress can reach. It is no
 * part of the API: whatever the path, the answer is an explanation, or the way back once the environment is awake.
 */
@Injectable()
export class IngressFallbackServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IngressFallbackServer.name);
  private readonly place: SharedSocket;
  private readonly timer: PeriodicTimer;
  private readonly looks = new FairQueue(LOOKS_AT_ONCE, LOOK_WITHIN_MS, LOOKS_WAITING);
  private readonly wakes = new Map<string, Promise<boolean>>();
  private server: Server | undefined;

  constructor(
    private readonly config: IngressConfig,
    private readonly unitOfWork: UnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly wakeWait: WakeWait,
  ) {
    this.place = new SharedSocket(join(config.socketDir, 'fallback.sock'));
    this.timer = new PeriodicTimer('fallback socket', LOOK_EVERY_MS, () => this.place.takeIfDead());
  }

  async onApplicationBootstrap(): Promise<void> {
    await mkdir(this.config.socketDir, { recursive: true });
    await this.place.removeLeft();
    const server = createServer((request, response) => {
      this.answer(request, response).catch((error: unknown) => {
        if (!(error instanceof QueueTimeoutError)) this.logger.error(error);
        response.writeHead(503).end();
      });
    });
    const { own } = this.place;
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(own, resolve));
    await chmod(own, 0o666);
    await this.place.take();
    this.server = server;
    this.timer.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.timer.stop();
    const { server } = this;
    if (server === undefined) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { host = '' } = request.headers;
    const found = await this.look(host);
    if (found === null || !(isSleeping(found) || isWaking(found))) {
      this.conclude(request, response, found);
      return;
    }
    if (isSleeping(found)) await this.wake(found.id);
    if (request.method === 'GET' && takesPages(request))
      sendPage(response, WAKING.status, toWaitingPage(found));
    else await this.hold(request, response, found);
  }

  private look(host: string): Promise<EnvironmentAtHost | null> {
    return this.looks.run(() => findAtHost(this.routes, host));
  }

  /** Once for all who find it asleep at the same moment. */
  private async wake(id: string): Promise<void> {
    const wake =
      this.wakes.get(id) ??
      this.unitOfWork
        .run((transaction) => wakeEnvironment(transaction, id))
        .finally(() => this.wakes.delete(id));
    this.wakes.set(id, wake);
    await wake;
  }

  private async hold(
    request: IncomingMessage,
    response: ServerResponse,
    { id }: EnvironmentAtHost,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    // Whoever left before we listened will not leave again.
    if (response.destroyed) gone.abort();
    const end = await this.wakeWait.until(id, gone.signal);
    if (gone.signal.aborted) return;
    const found = end === 'over' ? await this.look(request.headers.host ?? '') : null;
    if (end !== 'over' || (found !== null && (isSleeping(found) || isWaking(found)))) {
      tell(request, response, WAKING);
    } else {
      this.conclude(request, response, found);
    }
  }

  /** A client that asks again gets its answer from the app, with the method and the body that it has. */
  private conclude(
    request: IncomingMessage,
    response: ServerResponse,
    found: EnvironmentAtHost | null,
  ): void {
    if (found === null || !isJustAwake(found)) {
      tell(request, response, explain(found?.status ?? null));
      return;
    }
    // The ingress, which knows the path that was asked for, puts it at the end.
    const location = `${this.config.publicScheme}://${request.headers.host ?? ''}/`;
    response.writeHead(307, { location, 'cache-control': 'no-store' }).end();
  }
}

function takesPages({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') === true;
}

function tell(request: IncomingMessage, response: ServerResponse, explanation: Explanation): void {
  const { status, title, detail } = explanation;
  if (takesPages(request)) {
    sendPage(response, status, toHtml(explanation));
    return;
  }
  const type = 'application/problem+json; charset=utf-8';
  response.writeHead(status, headersOf(status, type));
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}

function sendPage(response: ServerResponse, status: Explanation['status'], html: string): void {
  const headers = headersOf(status, 'text/html; charset=utf-8');
  response.writeHead(status, { ...headers, 'content-security-policy': PAGE_POLICY }).end(html);
}

function headersOf(status: Explanation['status'], type: string): Record<string, string> {
  return {
    'content-type': type,
    'cache-control': 'no-store',
    ...(status === 503 ? { 'retry-after': '5' } : {}),
  };
}
