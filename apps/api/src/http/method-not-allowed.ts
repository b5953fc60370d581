import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiError } from './problems/api-error.js';

/** Responds 405 with `Allow` if a path exists, but not with the request's method (RFC 9110, section 15.5.6). */
export function setUpMethodNotAllowed(app: NestFastifyApplication): void {
  const routes = new Map<string, Set<string>>();
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRoute', ({ url, method }) => {
    // The route for preflights matches every path.
    if (url === '*' || url === '/*') return;
    const methods = routes.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    routes.set(url, methods);
  });
  instance.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?', 1)[0] ?? '';
    // A path such as `/webhooks/github`, which `/webhooks/:id` matches too.
    const isTaken = routes.has(path) && request.routeOptions.url?.includes(':') === true;
    if (!request.is404 && !isTaken) {
      done();
      return;
    }
    const allowed = [...routes]
      .filter(([route]) => (isTaken ? route === path : matchesRoute(route, path)))
      .flatMap(([, methods]) => [...methods]);
    if (allowed.length === 0) {
      done();
      return;
    }
    const methods = [...new Set(allowed)].sort().join(', ');
    void reply.header('allow', methods);
    done(new ApiError('method-not-allowed', `The path does not support ${request.method}. Use ${methods}.`));
  });
}

/** Returns whether a route such as `/projects/:id` matches a path. */
function matchesRoute(route: string, path: string): boolean {
  const names = route.split('/');
  const parts = path.split('/');
  return (
    names.length === parts.length &&
    names.every((name, at) => (name.startsWith(':') ? parts[at] !== '' : name === parts[at]))
  );
}
