import { SignInConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Protects sessions from cross-site requests. Browsers may send the cookie with another site's request; `Origin` names it
 * (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
 */
@Injectable()
export class TrustedOrigins {
  private readonly origins: readonly string[];

  constructor({ publicApiUrl, dashboardUrl }: SignInConfig) {
    const urls = dashboardUrl === undefined ? [publicApiUrl] : [publicApiUrl, dashboardUrl];
    this.origins = urls.map((url) => new URL(url).origin);
  }

  /** Returns whether a request with a session cookie may use its method. */
  allow(method: string, origin: string | undefined): boolean {
    return SAFE_METHODS.includes(method) || (origin !== undefined && this.origins.includes(origin));
  }
}
