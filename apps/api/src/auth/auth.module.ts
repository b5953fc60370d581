import { CryptoModule } from '@nexos/crypto';
import { StateModule } from '@nexos/state';
import { AppDetailsReader, ConfiguredAppModule, GithubOAuth } from '@nexos/github';
import { QueueModule } from '@nexos/queue';
import { Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { RequestOriginModule } from '../audit/request-origin.module.js';
import { AccountTurnsModule } from '../http/turns/account-turns.module.js';
import { AccountGuard } from './account.guard.js';
import { ApiKeyVerifier } from './api-keys/api-key-verifier.js';
import { ApiKeysController } from './api-keys/api-keys.controller.js';
import { ApiKeysService } from './api-keys/api-keys.service.js';
import { LastUse } from './api-keys/last-use.js';
import { Cookies } from './cookies.js';
import { CredentialWatch } from './credential-watch.js';
import { FailedAttempts } from './failed-attempts.js';
import { MeController } from './me/me.controller.js';
import { RouteAccess } from './route-access.js';
import { LogoutController } from './sessions/logout.controller.js';
import { SessionTokens } from './sessions/session-tokens.js';
import { SessionsService } from './sessions/sessions.service.js';
import { GithubStrategy } from './sign-in/github.strategy.js';
import { SignInAvailability } from './sign-in/sign-in-availability.js';
import { SignInStates } from './sign-in/sign-in-states.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { TrustedOrigins } from './trusted-origins.js';

@Module({
  imports: [
    AccountTurnsModule,
    ConfiguredAppModule,
    CryptoModule,
    StateModule,
    DiscoveryModule,
    JwtModule.register({}),
    QueueModule,
    RequestOriginModule,
  ],
  controllers: [ApiKeysController, LogoutController, MeController, SignInController],
  providers: [
    ApiKeyVerifier,
    ApiKeysService,
    AppDetailsReader,
    Cookies,
    CredentialWatch,
    FailedAttempts,
    GithubOAuth,
    GithubStrategy,
    LastUse,
    RouteAccess,
    SessionTokens,
    SessionsService,
    SignInService,
    SignInAvailability,
    SignInStates,
    TrustedOrigins,
    { provide: APP_GUARD, useClass: AccountGuard },
  ],
  exports: [CredentialWatch, TrustedOrigins],
})
export class AuthModule {}
