import { type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { IngressConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { QuotaExceededError } from '@nexos/domain';
import { type EnvironmentAtHost, RoutesRepository, wakeEnvironment } from '@nexos/state';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  explain,
  type Explanation,
  NO_ROOM,
  PAGE_POLICY,
  STILL_ASLEEP,
  toHtml,
  toWaitingPage,
  WAKING,
} from './environment-page.js';
import { FairQueue, QueueTimeoutError } from '../http/limits/fair-queue.js';
import { ApiError } from '../http/problems/api-error.js';
import { AccountTurns } from '../http/turns/account-turns.js';
import { findAtHost, isJustAwake, isSleeping, isWaking } from './environment-at-host.js';
import { SocketServer } from '../sockets/socket-server.js';
import { WakeWait } from './wake-wait.js';

/** HAProxy may run as another user; the folder keeps everybody else out. */
const SOCKET_MODE = 0o666;
/** Anyone can cause lookups, and the API itself needs most of the database's connections. */
const MAX_LOOKUPS = 2;
const LOOKUP_TIMEOUT_MS = 10_000;
const MAX_WAITING_LOOKUPS = 2_000;
/** Anyone can cause these too: of one account, one at a time. */
const WAKES = { accounts: 2, waitMs: 10_000, lockMs: 2_000 };
/** How long an environment that the quota has no room for is not asked for again, since anyone can visit it. */
const REFUSED_MS = 1_000;

type Wake = 'woken' | 'no-room' | 'busy';
const UNSUCCESSFUL = { 'no-room': NO_ROOM, busy: STILL_ASLEEP } as const;

/**
 * Serves requests that the ingress has no route for, over a unix socket that only the ingress can reach. Not part of the
 * API: on every path, the response is an explanation, or a redirect once the environment is awake.
 */
@Injectable()
export class IngressFallbackServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(IngressFallbackServer.name);
  private readonly server: SocketServer;
  private readonly lookups = new FairQueue(MAX_LOOKUPS, LOOKUP_TIMEOUT_MS, MAX_WAITING_LOOKUPS);
  private readonly wakes = new Map<string, Promise<Wake>>();
  /** Separate from the requests of the API, so that visitors of an account do not delay these. */
  private readonly turns: AccountTurns;

  constructor(
    private readonly config: IngressConfig,
    unitOfWork: UnitOfWork,
    private readonly routes: RoutesRepository,
    private readonly wakeWait: WakeWait,
  ) {
    this.turns = new AccountTurns(unitOfWork, WAKES);
    this.server = new SocketServer(
      join(config.socketDir, 'fallback.sock'),
      SOCKET_MODE,
      (request, response) => {
        this.answer(request, response).catch((error: unknown) => {
          if (!(error instanceof QueueTimeoutError)) this.logger.error(error);
          response.writeHead(503).end();
        });
      },
    );
  }

  onApplicationBootstrap(): Promise<void> {
    return this.server.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    const { host = '' } = request.headers;
    const found = await this.lookUp(host);
    if (found === null || !(isSleeping(found) || isWaking(found))) {
      this.conclude(request, response, found);
      return;
    }
    const wake = isSleeping(found) ? await this.wake(found) : 'woken';
    if (wake !== 'woken') {
      respond(request, response, UNSUCCESSFUL[wake]);
      return;
    }
    if (request.method === 'GET' && takesPages(request))
      sendPage(response, WAKING.status, toWaitingPage(found));
    else await this.hold(request, response, found);
  }

  private lookUp(host: string): Promise<EnvironmentAtHost | null> {
    return this.lookups.run(() => findAtHost(this.routes, host));
  }

  /** Wakes the environment once for all concurrent requests that find it asleep. */
  private wake(environment: EnvironmentAtHost): Promise<Wake> {
    const { id } = environment;
    const begun = this.wakes.get(id);
    if (begun !== undefined) return begun;
    const wake = this.wakeNow(environment);
    this.wakes.set(id, wake);
    const forget = (afterMs: number) => setTimeout(() => this.wakes.delete(id), afterMs).unref();
    wake.then(
      (end) => forget(end === 'woken' ? 0 : REFUSED_MS),
      () => forget(0),
    );
    return wake;
  }

  private async wakeNow({ id, accountId }: EnvironmentAtHost): Promise<Wake> {
    try {
      await this.turns.run(accountId, (transaction) => wakeEnvironment(transaction, id));
      return 'woken';
    } catch (error) {
      if (error instanceof QuotaExceededError) return 'no-room';
      if (error instanceof ApiError) return 'busy';
      throw error;
    }
  }

  private async hold(
    request: IncomingMessage,
    response: ServerResponse,
    { id }: EnvironmentAtHost,
  ): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    // A client that disconnected before we listened emits no further event.
    if (response.destroyed) gone.abort();
    const end = await this.wakeWait.until(id, gone.signal);
    if (gone.signal.aborted) return;
    const found = end === 'over' ? await this.lookUp(request.headers.host ?? '') : null;
    if (end !== 'over' || (found !== null && (isSleeping(found) || isWaking(found)))) {
      respond(request, response, WAKING);
    } else {
      this.conclude(request, response, found);
    }
  }

  /** Sends an explanation, or a redirect if the environment just woke up: the app then gets the same method and body. */
  private conclude(
    request: IncomingMessage,
    response: ServerResponse,
    found: EnvironmentAtHost | null,
  ): void {
    if (found === null || !isJustAwake(found)) {
      respond(request, response, explain(found));
      return;
    }
    // The ingress, which knows the requested path, appends it.
    const location = `${this.config.publicScheme}://${request.headers.host ?? ''}/`;
    response.writeHead(307, { location, 'cache-control': 'no-store' }).end();
  }
}

function takesPages({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/html') === true;
}

function respond(request: IncomingMessage, response: ServerResponse, explanation: Explanation): void {
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
