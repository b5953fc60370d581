import { Sealer } from '@nexos/crypto';
import { Injectable } from '@nestjs/common';
import { BrowserState } from '../auth/browser-state.js';
import { Cookies } from '../auth/cookies.js';

const OPTIONS = {
  cookie: 'nexos_install',
  path: '/api/github/install',
  // Somebody may select repositories for a while.
  lifetimeSeconds: 3_600,
  identity: 'install',
} as const;

/** An installation that a browser has begun. */
export interface PendingInstallation {
  /** A path in the dashboard. */
  readonly returnTo?: string;
}

/** Binds a return from GitHub's installation page to the browser that was sent there. */
@Injectable()
export class InstallStates extends BrowserState<PendingInstallation> {
  constructor(sealer: Sealer, cookies: Cookies) {
    super(sealer, cookies, OPTIONS);
  }
}
