import { DELIVERY_ID_PATTERN } from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { GithubRequests } from './github-requests.js';

/** An attempt of GitHub to deliver a webhook to the App. */
export interface HookAttempt {
  /** GitHub's id of the attempt. */
  readonly id: string;
  /** The header `X-GitHub-Delivery`, which all attempts of a delivery share. */
  readonly guid: string;
  readonly deliveredAt: Date;
  readonly isRepeated: boolean;
  readonly isSuccess: boolean;
}

/** A part of the list of attempts, newest first. */
export interface HookAttempts {
  readonly attempts: readonly HookAttempt[];
  /** Where the next part begins; null after the last one. */
  readonly cursor: string | null;
}

const MAX_PAGE = 100;
const GUID = new RegExp(DELIVERY_ID_PATTERN);

/**
 * Deliveries of the App's webhook (https://docs.github.com/en/rest/apps/webhooks). All methods throw
 * `GithubRequestError`.
 */
@Injectable()
export class HookDeliveries {
  constructor(private readonly requests: GithubRequests) {}

  /** @param cursor null for the newest attempts */
  async list(cursor: string | null, signal: AbortSignal): Promise<HookAttempts> {
    const { data, link } = await this.requests.sendAsApp(
      'GET /app/hook/deliveries',
      { per_page: MAX_PAGE, ...(cursor !== null && { cursor }) },
      signal,
    );
    const attempts = data.flatMap((one): HookAttempt[] => {
      const deliveredAt = new Date(one.delivered_at);
      if (!GUID.test(one.guid) || Number.isNaN(deliveredAt.getTime())) return [];
      return [
        {
          id: String(one.id),
          guid: one.guid,
          deliveredAt,
          isRepeated: one.redelivery,
          isSuccess: one.status_code >= 200 && one.status_code < 300,
        },
      ];
    });
    return { attempts, cursor: nextCursor(link) };
  }

  /** Has GitHub repeat a delivery, with the same id and body. @param attemptId GitHub's id of an earlier attempt */
  async repeat(attemptId: string, signal: AbortSignal): Promise<void> {
    const route = 'POST /app/hook/deliveries/{delivery_id}/attempts';
    // Larger ids would lose digits as a number.
    await this.requests.sendAsApp(route, { delivery_id: BigInt(attemptId) as unknown as number }, signal);
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api#using-link-headers */
function nextCursor(link: string): string | null {
  const next = link.split(',').find((one) => /;\s*rel="next"/.test(one));
  const url = /<([^>]+)>/.exec(next ?? '')?.[1];
  return url === undefined ? null : new URL(url).searchParams.get('cursor');
}
