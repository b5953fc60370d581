import type pg from 'pg';
import { ApiClient } from './api-client.js';
import { WebhookSender } from './webhook-sender.js';

export const WEBHOOK_SECRET = 'a webhook secret for tests';

/** An installation of Nexos as tests see it: its API and its database. */
export class Installation {
  readonly api: ApiClient;
  readonly webhooks: WebhookSender;

  /**
   * @param instance its name on the engine, and the prefix of its keys in Redis
   * @param env the apps' settings
   * @param key an API key of the operator's account
   */
  constructor(
    readonly instance: string,
    readonly env: Readonly<Record<string, string>>,
    readonly database: pg.Client,
    key: string,
  ) {
    const baseUrl = `http://127.0.0.1:${env.PORT ?? ''}`;
    this.api = new ApiClient(baseUrl, key);
    this.webhooks = new WebhookSender(`${baseUrl}/api/webhooks/github`, WEBHOOK_SECRET, this.api);
  }

  /** Returns a query's rows. */
  async rows<T extends object>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const { rows } = await this.database.query<T>(sql, parameters);
    return rows;
  }

  /** Returns the first column of a query's rows. */
  async column<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    const { rows } = await this.database.query<unknown[]>({
      text: sql,
      values: parameters,
      rowMode: 'array',
    });
    return rows.map((row) => row[0] as T);
  }
}
