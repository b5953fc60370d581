import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupAddress } from 'node:dns';
import type { BlockList } from 'node:net';
import { NotifyConfig } from '@nexos/config';
import { Injectable } from '@nestjs/common';
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from 'request-filtering-agent';
import { addressesOf, networkList, pinned } from './receiver-address.js';

/** Bytes of a response that are read; the rest is cut off. */
const MAX_RESPONSE = 65_536;
/**
 * Not public either, though the agent takes them for that: deprecated site-local addresses, and NAT64 of a local network. A
 * list of the agent itself would have it print an error for each IPv4 address.
 */
const NOT_PUBLIC = networkList(['fec0::/10', '64:ff9b:1::/48']);
const FILTERED = { http: new RequestFilteringHttpAgent(), https: new RequestFilteringHttpsAgent() };
const UNFILTERED = { http: new http.Agent(), https: new https.Agent() };

export interface ReceiverResponse {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

/** The receiver has no public address, and the operator has not allowed its private one. */
export class PrivateAddressError extends Error {
  constructor(host: string) {
    super(
      `${host} has a private address, which messages are not sent to. Use a public one, or ask the operator.`,
    );
    this.name = 'PrivateAddressError';
  }
}

/**
 * Sends messages to the addresses of strangers: to public addresses only, following no redirect, and reading little of
 * the response. The address is checked when the connection is made.
 */
@Injectable()
export class ReceiverClient {
  private readonly allowed: BlockList;

  constructor({ allowedNetworks }: NotifyConfig) {
    this.allowed = networkList(allowedNetworks);
  }

  /**
   * Posts a body, and returns as soon as the response has ended.
   *
   * @throws {PrivateAddressError}
   * @throws the signal's reason, or why there was no response
   */
  async post(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<ReceiverResponse> {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const addresses = await inTime(addressesOf(host), signal);
    const isAllowed = addresses.every((one) => isIn(this.allowed, one));
    if (!isAllowed && addresses.some((one) => isIn(NOT_PUBLIC, one))) throw new PrivateAddressError(url.host);
    const agents = isAllowed ? UNFILTERED : FILTERED;
    const isHttps = url.protocol === 'https:';
    const options = {
      method: 'POST',
      agent: isHttps ? agents.https : agents.http,
      lookup: pinned(addresses),
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      signal,
    };
    return new Promise((resolve, reject) => {
      let isAnswered = false;
      const request = (isHttps ? https : http).request(url, options, (response) => {
        isAnswered = true;
        const { statusCode: status = 0, headers: answered } = response;
        drain(response, () => {
          resolve({ status, retryAfter: answered['retry-after'] });
        });
      });
      request.on('error', (error) => {
        if (signal.aborted) reject(signal.reason as Error);
        else reject(isRefusedAddress(error) ? new PrivateAddressError(url.host) : error);
      });
      // A response such as 101 ends the request without an error.
      request.on('close', () => {
        if (!isAnswered) reject(new Error('the connection was closed'));
      });
      request.end(body);
    });
  }
}

function isIn(list: BlockList, { address, family }: LookupAddress): boolean {
  return list.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Reads a response to its end or to the limit. Its status is known, so how it ends does not matter. */
function drain(response: IncomingMessage, done: () => void): void {
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > MAX_RESPONSE) response.destroy();
  });
  response.on('error', done);
  response.on('close', done);
}

/** The agent has no class for its errors. */
function isRefusedAddress({ message }: Error): boolean {
  return message.startsWith('DNS lookup ') && message.includes(' is not allowed. ');
}

/** Returns the value, or throws the signal's reason if that comes first. */
async function inTime<T>(value: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([value, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
