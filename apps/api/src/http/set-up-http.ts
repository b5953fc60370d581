import { type SignInConfig } from '@nexos/config';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { setUpBasicAuthentication } from '../queue-board/basic-authentication.js';
import { setUpBodyParser } from './body-parser.js';
import { setUpConditionalRequests } from './conditional-requests.js';
import { setUpCrossOrigin } from './cross-origin.js';
import { setUpForwardedCheck } from './forwarded-check.js';
import { setUpHostCheck } from './host-check.js';
import { setUpMethodNotAllowed } from './method-not-allowed.js';
import { setUpRequestIds } from './request-id.js';
import { setUpSecurityHeaders } from './security-headers.js';
import { setUpUrlCheck } from './url-check.js';

/**
 * Sets up what applies to every request and response. Registers Fastify hooks in the order in which they run, before the
 * routes.
 */
export async function setUpHttp(
  app: NestFastifyApplication,
  { dashboardUrl }: Pick<SignInConfig, 'dashboardUrl'>,
): Promise<void> {
  setUpRequestIds(app);
  await setUpSecurityHeaders(app);
  if (dashboardUrl !== undefined) await setUpCrossOrigin(app, dashboardUrl);
  setUpForwardedCheck(app);
  setUpHostCheck(app);
  setUpMethodNotAllowed(app);
  setUpUrlCheck(app);
  setUpBasicAuthentication(app);
  setUpConditionalRequests(app);
  // Last, so that its error responses have the headers of the other hooks.
  setUpBodyParser(app);
}
