import { ConfigModule } from '@nexos/config';
import { StateModule } from '@nexos/state';
import { DeploymentMetricsModule, ObservabilityModule } from '@nexos/observability';
import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AccountsModule } from './accounts/accounts.module.js';
import { AgentReportsModule } from './agent-reports/agent-reports.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { DeploymentsModule } from './deployments/deployments.module.js';
import { RegistriesModule } from './registries/registries.module.js';
import { EnvVarsModule } from './env-vars/env-vars.module.js';
import { EnvironmentLogsModule } from './environment-logs/environment-logs.module.js';
import { EnvironmentsModule } from './environments/environments.module.js';
import { EventsModule } from './events/events.module.js';
import { ExecutionsModule } from './executions/executions.module.js';
import { GithubAppModule } from './github-app/github-app.module.js';
import { GithubConnectionsModule } from './github/github-connections.module.js';
import { GithubReportsModule } from './github-reports/github-reports.module.js';
import { HealthModule } from './health/health.module.js';
import { IdempotencyModule } from './http/idempotency/idempotency.module.js';
import { IngressFallbackServer } from './ingress-fallback/ingress-fallback.server.js';
import { WakeWait } from './ingress-fallback/wake-wait.js';
import { LimitsModule } from './http/limits/limits.module.js';
import { RequestSlotsModule } from './http/limits/request-slots.module.js';
import { NodesModule } from './nodes/nodes.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { ProblemFilter } from './http/problems/problem.filter.js';
import { UnexpectedBodyInterceptor } from './http/problems/unexpected-body.interceptor.js';
import { validationPipe } from './http/problems/validation.pipe.js';
import { ProjectsModule } from './projects/projects.module.js';
import { QueueBoardModule } from './queue-board/queue-board.module.js';
import { QuotaModule } from './quota/quota.module.js';
import { RepositoryConfigModule } from './repository-config/repository-config.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';

@Module({})
export class ApiModule {
  static forRoot(config: Record<string, object>): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        StateModule,
        DeploymentMetricsModule,
        RequestSlotsModule,
        AccountsModule,
        AgentReportsModule,
        AuditModule,
        AuthModule,
        LimitsModule,
        IdempotencyModule,
        ProjectsModule,
        EnvironmentsModule,
        EnvironmentLogsModule,
        EnvVarsModule,
        RegistriesModule,
        DeliveriesModule,
        DeploymentsModule,
        EventsModule,
        ExecutionsModule,
        GithubAppModule,
        GithubConnectionsModule,
        GithubReportsModule,
        NodesModule,
        NotificationsModule,
        QueueBoardModule,
        QuotaModule,
        RepositoryConfigModule,
        WebhooksModule,
        HealthModule,
      ],
      providers: [
        IngressFallbackServer,
        WakeWait,
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: APP_INTERCEPTOR, useClass: UnexpectedBodyInterceptor },
        { provide: APP_PIPE, useFactory: validationPipe },
      ],
    };
  }
}
