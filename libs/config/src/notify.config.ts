import { IsInt, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';
import { AreNetworks } from './network.js';

/** Messages to the webhooks of accounts, and reports to GitHub. */
export class NotifyConfig {
  @Env(
    'NOTIFY_ALLOWED_NETWORKS',
    'Private addresses that webhooks may reach: addresses and CIDR blocks. By default, messages go to public addresses only.',
    'list',
  )
  @AreNetworks()
  allowedNetworks: string[] = [];

  @Env(
    'NOTIFY_TIMEOUT_MS',
    'Milliseconds that a receiver may take to answer a message, and GitHub a request (at most ten seconds).',
    'integer',
  )
  @IsInt()
  @Min(100)
  @Max(60_000)
  timeoutMs = 15_000;

  @Env(
    'NOTIFY_RETRY_MS',
    'Milliseconds before a message is sent again for the first time. The wait grows fourfold with each further attempt, up to four hours; for reports to GitHub it doubles, up to five minutes.',
    'integer',
  )
  @IsInt()
  @Min(10)
  @Max(600_000)
  retryMs = 5_000;

  @Env(
    'NOTIFY_RETRY_FOR_MS',
    'Milliseconds for which a message or a report is sent again. A webhook that accepted nothing in this time is disabled.',
    'integer',
  )
  @IsInt()
  @Min(100)
  @Max(604_800_000)
  retryForMs = 86_400_000;
}
