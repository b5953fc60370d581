import { createPrivateKey } from 'node:crypto';

/** An App that GitHub created from a manifest. */
export interface CreatedApp {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  /** The App's page on GitHub. */
  readonly htmlUrl: string;
  /** PEM */
  readonly privateKey: string;
  /** Null for an App without a webhook. */
  readonly webhookSecret: string | null;
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Reads GitHub's answer to the code of a manifest; null if it is incomplete. Its content is secret, so the reason is not
 * told.
 *
 * @see https://docs.github.com/en/rest/apps/apps#create-a-github-app-from-a-manifest
 */
export function readCreatedApp(answer: unknown): CreatedApp | null {
  const { id, slug, name, html_url, pem, webhook_secret, client_id, client_secret } = Object(
    answer,
  ) as Record<string, unknown>;
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id <= 0) return null;
  if (!isText(slug) || !isText(name) || !isText(html_url) || !isHttp(html_url)) return null;
  if (!isText(client_id) || !isText(client_secret) || !isText(pem) || !isPrivateKey(pem)) return null;
  return {
    id,
    slug,
    name,
    htmlUrl: html_url,
    privateKey: pem,
    webhookSecret: isText(webhook_secret) ? webhook_secret : null,
    clientId: client_id,
    clientSecret: client_secret,
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    // The error may quote the key.
    return false;
  }
}
