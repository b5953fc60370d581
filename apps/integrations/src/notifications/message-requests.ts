import { Sealer, sealIdentity } from '@nexos/crypto';
import { type Message, renderMessage } from '@nexos/domain';
import { type ClaimedMessage } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { Webhook } from 'standardwebhooks';

/** A request to a receiver. */
interface MessageRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes the requests for messages, with the secrets of their webhooks. */
@Injectable()
export class MessageRequests {
  constructor(private readonly sealer: Sealer) {}

  /** @throws {UnsealError} */
  make({ id, webhookId, type, at, data, format, url, sealedSecret }: ClaimedMessage): MessageRequest {
    const secret = this.sealer.open(sealedSecret, sealIdentity.webhook(webhookId));
    const message: Message = { type, timestamp: at.toISOString(), data };
    const body = renderMessage(message, format);
    const headers = { 'content-type': 'application/json', 'user-agent': 'Nexos' };
    if (url === null) return { url: new URL(secret), headers, body };
    return { url: new URL(url), headers: { ...headers, ...signed(id, secret, body) }, body };
  }
}

/** Returns the headers of the Standard Webhooks specification. */
function signed(id: string, secret: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(id, now, body),
  };
}
