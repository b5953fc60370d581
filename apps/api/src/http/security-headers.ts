import fastifyHelmet from '@fastify/helmet';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fastify } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a browser may do with this route's answer, where that is more than nothing. */
    contentSecurityPolicy?: string;
  }
}

/** Paths, by their beginnings, whose answers are pages, and the Content-Security-Policy that each needs. */
export type LooserPolicies = Readonly<Record<string, string>>;

/** Answers are data: a browser that is made to show one must run nothing, load nothing and frame nothing. */
export async function setUpSecurityHeaders(
  app: NestFastifyApplication,
  looserPolicies: LooserPolicies = {},
): Promise<void> {
  const headers = await helmetHeaders();
  const instance = app.getHttpAdapter().getInstance();
  instance.addHook('onRoute', (route) => {
    const policy = Object.entries(looserPolicies).find(([path]) => route.url.startsWith(path))?.[1];
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
 * What helmet would set on each answer. It computes that anew for every request, and it is always the same: it is
 * asked once.
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
    // Where environments answer below the API's name is for their operator to say.
    strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
    // Of use for pages, or for browsers that are gone.
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
