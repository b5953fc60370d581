import type { createBullBoard } from '@bull-board/api';
import type { AuditAction } from '@nexos/domain';

type ServerAdapter = Parameters<typeof createBullBoard>[0]['serverAdapter'];
type Queues = Parameters<ServerAdapter['setQueues']>[0];
type UiConfig = Parameters<ServerAdapter['setUIConfig']>[0];
type ApiRoute = Parameters<ServerAdapter['setApiRoutes']>[0][number];
type EntryRoute = Parameters<ServerAdapter['setEntryRoute']>[0];
type ErrorHandler = Parameters<ServerAdapter['setErrorHandler']>[0];

/**
 * The changes that the board may make, with what they write to the audit log. The others would put anything into a job, or
 * break a schedule that the quota worker set.
 */
const CHANGES: Readonly<Record<string, AuditAction>> = {
  '/api/queues/pause': 'queue.pause',
  '/api/queues/resume': 'queue.resume',
  '/api/queues/:queueName/pause': 'queue.pause',
  '/api/queues/:queueName/resume': 'queue.resume',
  '/api/queues/:queueName/retry/:queueStatus': 'queue.retry',
  '/api/queues/:queueName/:jobId/retry': 'queue.retry',
  '/api/queues/:queueName/promote': 'queue.promote',
  '/api/queues/:queueName/:jobId/promote': 'queue.promote',
  '/api/queues/:queueName/empty': 'queue.discard',
  '/api/queues/:queueName/clean/:queueStatus': 'queue.discard',
  '/api/queues/:queueName/:jobId/clean': 'queue.discard',
};

export interface BoardRequest {
  readonly method: string;
  /** Below the board's own path, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** A route of the board that a request is for. */
export interface BoardRoute {
  readonly params: Readonly<Record<string, string>>;
  /** What it writes to the audit log; null if it only reads, or may not be used. */
  readonly action: AuditAction | null;
  readonly call: () => Promise<{ readonly status: number; readonly body: unknown }>;
}

/** Collects the routes of bull-board, which brings adapters for whole web frameworks only, and finds that of a request. */
export class BoardRoutes implements ServerAdapter {
  private queues: Queues = new Map() as Queues;
  private uiConfig: UiConfig = {};
  private routes: readonly ApiRoute[] = [];
  private entry: EntryRoute | undefined;
  private onError: ErrorHandler | undefined;

  setQueues(queues: Queues): this {
    this.queues = queues;
    return this;
  }

  setViewsPath(): this {
    return this;
  }

  setStaticPath(): this {
    return this;
  }

  setUIConfig(config: UiConfig): this {
    this.uiConfig = config;
    return this;
  }

  setApiRoutes(routes: ApiRoute[]): this {
    this.routes = routes;
    return this;
  }

  setEntryRoute(route: EntryRoute): this {
    this.entry = route;
    return this;
  }

  setErrorHandler(handler: ErrorHandler): this {
    this.onError = handler;
    return this;
  }

  /** Returns the configuration of the page, as JSON for a script element; null for a path that is no page. */
  page(path: string, basePath: string): Readonly<Record<string, string>> | null {
    const patterns = [this.entry?.route ?? []].flat();
    const isPage = patterns.some((pattern) => matches(pattern, path) !== null);
    return isPage ? (this.entry?.handler({ basePath, uiConfig: this.uiConfig }).params ?? null) : null;
  }

  /** Returns the first route that matches a request, in the order in which bull-board lists them; null without a match. */
  find({ method, path, query }: BoardRequest): BoardRoute | null {
    for (const route of this.routes) {
      if (!([route.method].flat() as string[]).includes(method.toLowerCase())) continue;
      for (const pattern of [route.route].flat()) {
        const params = matches(pattern, path);
        if (params === null) continue;
        const action = method === 'GET' ? null : (CHANGES[pattern] ?? null);
        const request = {
          queues: this.queues,
          uiConfig: this.uiConfig,
          query,
          params,
          body: {},
          headers: {},
        };
        return {
          params,
          action,
          call: async () => {
            try {
              const { status = 200, body } = await route.handler(request);
              return { status, body };
            } catch (error) {
              const answer = this.onError?.(error as Error);
              return { status: answer?.status ?? 500, body: answer?.body ?? {} };
            }
          },
        };
      }
    }
    return null;
  }
}

/** Returns the parameters of a pattern such as `/queue/:queueName`; null if the path does not match. */
function matches(pattern: string, path: string): Record<string, string> | null {
  const names = pattern.split('/');
  const parts = path.split('/');
  if (names.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [at, name] of names.entries()) {
    const part = parts[at] ?? '';
    if (name.startsWith(':') && part !== '') params[name.slice(1)] = part;
    else if (name !== part) return null;
  }
  return params;
}
