import { ConfigModule, GithubConfig } from '@nexos/config';
import { UnitOfWork } from '@nexos/database';
import { StateModule } from '@nexos/state';
import { CryptoModule } from '@nexos/crypto';
import type { QueueName } from '@nexos/contracts';
import { RemoteBranches } from '@nexos/git';
import {
  AppInstallations,
  CheckRuns,
  GithubAccess,
  GithubDeployments,
  GithubModule,
  GithubRequests,
  HookDeliveries,
  PullRequestComments,
} from '@nexos/github';
import { BuildLogModule } from '@nexos/logs';
import {
  DeploymentMetricsModule,
  Health,
  HealthServerModule,
  jobContext,
  Metrics,
  ObservabilityModule,
} from '@nexos/observability';
import { FAST_REDIS, QueueModule, WorkerModule } from '@nexos/queue';
import { Inject, Module, type DynamicModule } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { BranchCheck } from './branches/branch-check.js';
import { BranchCheckSweeper } from './branches/branch-check-sweeper.js';
import { BranchLookup } from './branches/branch-lookup.js';
import { BranchLookupSweeper } from './branches/branch-lookup-sweeper.js';
import { CheckBranchesHandler } from './branches/check-branches.handler.js';
import { LookUpBranchesHandler } from './branches/look-up-branches.handler.js';
import { NewBranches } from './branches/new-branches.js';
import { RepositoryAccessibility } from './branches/repository-accessibility.js';
import { LookupClaims } from './branches/lookup-claims.js';
import { DeliveryBacklogGauges } from './deliveries/delivery-backlog-gauges.js';
import { DeliveryProcessor } from './deliveries/delivery-processor.js';
import { DeliverySweeper } from './deliveries/delivery-sweeper.js';
import { ProcessDeliveriesHandler } from './deliveries/process-deliveries.handler.js';
import { RepositoryConnections } from './deliveries/repository-connections.js';
import { EVENT_CONSUMERS, type EventConsumer } from './events/event-consumer.js';
import { EventDispatcher } from './events/event-dispatcher.js';
import { EventLogConsumer } from './events/event-log.consumer.js';
import { EventSweeper } from './events/event-sweeper.js';
import { DeploymentEventHandler, EnvironmentEventHandler } from './events/event.handlers.js';
import { ApprovalSweeper } from './forks/approval-sweeper.js';
import { CheckApprovalHandler } from './forks/check-approval.handler.js';
import { ClosedForkCheck } from './forks/closed-fork-check.js';
import { DeployForksHandler } from './forks/deploy-forks.handler.js';
import { CheckReporter } from './github/check-reporter.js';
import { CommentReporter } from './github/comment-reporter.js';
import { DeploymentReporter } from './github/deployment-reporter.js';
import { ReportAttempts } from './github/report-attempts.js';
import { ReportSender } from './github/report-sender.js';
import { ReportSweeper } from './github/report-sweeper.js';
import { ReportToGithubHandler } from './github/report-to-github.handler.js';
import { ReportConsumer } from './github/report.consumer.js';
import { InstallationListing } from './installations/installation-listing.js';
import { InstallationSweeper } from './installations/installation-sweeper.js';
import { InstallationSync } from './installations/installation-sync.js';
import { PauseLog } from './installations/pause-log.js';
import { MessageAttempts } from './notifications/message-attempts.js';
import { MessageRequests } from './notifications/message-requests.js';
import { MessageSender } from './notifications/message-sender.js';
import { MessageSweeper } from './notifications/message-sweeper.js';
import { NotificationConsumer } from './notifications/notification.consumer.js';
import { ReceiverClient } from './notifications/receiver-client.js';
import { SendMessagesHandler } from './notifications/send-messages.handler.js';
import { RedeliveryRound } from './redelivery/redelivery-round.js';
import { RedeliveryTask } from './redelivery/redelivery.task.js';

/** Repositories that one process handles concurrently; each takes a connection to Postgres. */
const REPOSITORIES_AT_ONCE = 4;
/** Git hosts that one process queries concurrently; waiting for an answer takes no connection to Postgres. */
const LOOKUPS_AT_ONCE = 8;
/** Events that one process delivers concurrently. */
const EVENTS_AT_ONCE = 8;
/** All event consumers; add new ones here. */
const CONSUMERS = [EventLogConsumer, NotificationConsumer, ReportConsumer];
/** What tells GitHub of deployments. */
const REPORTS = [
  CheckReporter,
  CheckRuns,
  CommentReporter,
  DeploymentReporter,
  GithubDeployments,
  GithubRequests,
  PullRequestComments,
  ReportAttempts,
  ReportSender,
  ReportSweeper,
  ReportToGithubHandler,
];

/** What keeps installations of the GitHub App current. */
const INSTALLATIONS = [
  AppInstallations,
  InstallationListing,
  InstallationSweeper,
  InstallationSync,
  PauseLog,
  RepositoryAccessibility,
  RepositoryConnections,
];

@Module({})
export class IntegrationsModule {
  static forRoot(config: Record<string, object>): DynamicModule {
    return {
      module: IntegrationsModule,
      imports: [
        ConfigModule.forRoot(config),
        ObservabilityModule,
        HealthServerModule,
        StateModule,
        DeploymentMetricsModule,
        CryptoModule,
        QueueModule,
        GithubModule,
        BuildLogModule.forRoot(FAST_REDIS, [QueueModule]),
        worker('deliveries', REPOSITORIES_AT_ONCE),
        worker('branches', LOOKUPS_AT_ONCE),
        worker('notify', EVENTS_AT_ONCE),
      ],
      providers: [
        ApprovalSweeper,
        BranchCheck,
        BranchCheckSweeper,
        BranchLookup,
        CheckApprovalHandler,
        CheckBranchesHandler,
        ClosedForkCheck,
        DeployForksHandler,
        GithubAccess,
        LookupClaims,
        NewBranches,
        DeliveryBacklogGauges,
        DeliveryProcessor,
        DeliverySweeper,
        EventDispatcher,
        EventSweeper,
        DeploymentEventHandler,
        EnvironmentEventHandler,
        ...CONSUMERS,
        {
          provide: EVENT_CONSUMERS,
          inject: CONSUMERS,
          useFactory: (...consumers: EventConsumer[]) => consumers,
        },
        MessageAttempts,
        MessageRequests,
        MessageSender,
        MessageSweeper,
        ReceiverClient,
        SendMessagesHandler,
        ...REPORTS,
        HookDeliveries,
        RedeliveryRound,
        RedeliveryTask,
        ...INSTALLATIONS,
        BranchLookupSweeper,
        LookUpBranchesHandler,
        ProcessDeliveriesHandler,
        {
          provide: RemoteBranches,
          inject: [GithubConfig],
          useFactory: (github: GithubConfig) => new RemoteBranches(github),
        },
      ],
    };
  }

  constructor(health: Health, unitOfWork: UnitOfWork, @Inject(FAST_REDIS) redis: Redis) {
    health.register('postgres', () => unitOfWork.ping());
    health.register('redis', () => redis.ping());
  }
}

function worker(queue: QueueName, concurrency: number): DynamicModule {
  return WorkerModule.forQueue(
    (metrics: Metrics) => ({ queue, concurrency, context: jobContext(metrics) }),
    [Metrics],
  );
}
