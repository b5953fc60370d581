import { randomUUID } from 'node:crypto';
import type { components } from '@octokit/openapi-types';
import { type Answer, type ApiRequest, NOT_FOUND } from './api-request.js';

type Item = components['schemas']['hook-delivery-item'];

/** Delivers to the webhook of the App, and returns the status that it answered; 0 when it did not. */
export type Deliver = (guid: string) => Promise<number>;

const PAGE = 100;

/** The deliveries of the App's webhook (https://docs.github.com/en/rest/apps/webhooks). */
export class HookDeliveriesDouble {
  /** All attempts, oldest first. */
  readonly attempts: Item[] = [];
  /** The guids of the deliveries that were to be repeated. */
  readonly repeated: string[] = [];
  /** Items on one page, whatever is asked for. */
  pageSize = PAGE;
  /** The id of the next attempt: larger than a double can count. */
  private nextId = 2n ** 60n;
  private deliver: Deliver = () => Promise.resolve(0);
  private pending: Promise<unknown>[] = [];

  /** Sets where deliveries go to. */
  deliverTo(deliver: Deliver): void {
    this.deliver = deliver;
  }

  /** Delivers an event, and returns its guid. */
  async send({ guid = randomUUID(), at = new Date(), isRepeated = false } = {}): Promise<string> {
    await this.attempt(guid, at, isRepeated);
    return guid;
  }

  /** Waits for the deliveries that were repeated. */
  async settle(): Promise<void> {
    await Promise.all(this.pending.splice(0));
  }

  answer({ method, path, query }: ApiRequest): Answer | null {
    if (method === 'GET' && path === '/app/hook/deliveries') return this.list(query);
    const id = /^\/app\/hook\/deliveries\/(\d+)\/attempts$/.exec(path)?.[1];
    return method === 'POST' && id !== undefined ? this.repeat(id) : null;
  }

  private list(query: URLSearchParams): Answer {
    const size = Math.min(Number(query.get('per_page') ?? '30'), this.pageSize);
    const newest = this.attempts.toReversed();
    const cursor = query.get('cursor');
    const start = cursor === null ? 0 : newest.findIndex(({ id }) => `v1_${id}` === cursor);
    if (start < 0) return { status: 422, body: { message: 'The cursor is invalid.' } };
    const next = newest[start + size];
    const url = `https://github.example/app/hook/deliveries?per_page=${size}&cursor=v1_${next?.id ?? ''}`;
    return {
      status: 200,
      body: newest.slice(start, start + size),
      ...(next !== undefined && { headers: { link: `<${url}>; rel="next"` } }),
    };
  }

  private repeat(id: string): Answer {
    const found = this.attempts.find((one) => String(one.id) === id);
    if (found === undefined) return NOT_FOUND;
    this.repeated.push(found.guid);
    this.pending.push(this.attempt(found.guid, new Date(), true));
    return { status: 202, body: {} };
  }

  private async attempt(guid: string, at: Date, isRepeated: boolean): Promise<void> {
    const id = this.nextId++;
    const status = await this.deliver(guid);
    this.attempts.push({
      id,
      guid,
      delivered_at: at.toISOString(),
      redelivery: isRepeated,
      duration: 0.1,
      status: status === 0 ? 'failed to connect' : status < 300 ? 'OK' : 'Invalid HTTP Response',
      status_code: status,
      event: 'push',
      action: null,
      installation_id: 7,
      repository_id: 1,
    });
  }
}
