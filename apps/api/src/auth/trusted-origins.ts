import { SignInConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';

const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Browsers send a session's cookie along whoever makes them; who did is in `Origin`
 * (https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html).
 */
@Injectable()
export class TrustedOrigins {
  private readonly origins: readonly string[];

  constructor({ publicApiUrl, dashboardUrl }: SignInConfig) {
    const urls = dashboardUrl === undefined ? [publicApiUrl] : [publicApiUrl, dashboardUrl];
    this.origins = urls.map((url) => new URL(url).origin);
  }

  /** Whether a request that a browser authenticated may do what its method says. */
  allow(method: string, origin: string | undefined): boolean {
    return SAFE_METHODS.includes(method) || (origin !== undefined && this.origins.includes(origin));
  }
}
