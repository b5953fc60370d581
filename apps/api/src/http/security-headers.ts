import fastifyHelmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The policy for the responses of this route; the default lets a browser load and run nothing. */
    contentSecurityPolicy?: string;
  }
}

/** Path prefixes of pages, with the Content-Security-Policy that each needs. */
export type PagePolicies = Readonly<Record<string, string>>;

/** Sets security headers. Responses are data: a browser that shows one must run, load and frame nothing. */
export async function setUpSecurityHeaders(
  app: NestFastifyApplication,
  pagePolicies: PagePolicies = {},
): Promise<void> {
  const headers = await helmetHeaders();
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRoute', (route) => {
    const policy = Object.entries(pagePolicies).find(([path]) => route.url.startsWith(path))?.[1];
    if (policy !== undefined) route.config = { ...route.config, contentSecurityPolicy: policy };
  });
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers);
    const policy = request.routeOptions.config.contentSecurityPolicy;
    if (policy !== undefined) void reply.header('content-security-policy', policy);
    done();
  });
}

/**
 * Returns the headers that helmet would set on each response. Computed once, since helmet would compute the same headers
 * for every request.
 */
async function helmetHeaders(): Promise<Record<string, string>> {
  const scratch = fastify();
  await scratch.register(fastifyHelmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Subdomains of the API may be environments, so their operator must decide.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    // Useful only for pages or for obsolete browsers.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  });
  scratch.get('/', () => '');
  const { headers } = await scratch.inject('/');
  await scratch.close();
  const ours = ['connection', 'content-length', 'content-type', 'date'];
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (ours.includes(name) ? [] : [[name, String(value)]])),
  );
}
