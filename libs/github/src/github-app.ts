import { createPrivateKey } from 'node:crypto';
import type { GithubConfig } from '@nexos/config';
import { Logger } from '@nestjs/common';
import type { App } from '@octokit/app';
import { fetchInTime } from './fetch-in-time.js';

export interface AppCredentials {
  readonly appId: string;
  readonly privateKey: string;
  readonly baseUrl: string;
  /** What else is known of an App that was created through Nexos; null for the one of the environment variables. */
  readonly stored: {
    readonly slug: string;
    readonly htmlUrl: string;
    readonly webhookSecret: string | null;
    readonly clientId: string;
    readonly clientSecret: string;
  } | null;
}

/**
 * Returns the credentials of the GitHub App that the environment variables name; null without one.
 *
 * @throws {TypeError} when the private key is invalid
 */
export function credentialsOf({ appId, appPrivateKey, apiUrl }: GithubConfig): AppCredentials | null {
  if (appId === undefined || appPrivateKey === undefined) return null;
  const privateKey = appPrivateKey.replaceAll('\\n', '\n');
  try {
    createPrivateKey(privateKey);
  } catch {
    // Drop the error, because it may quote the key.
    throw new TypeError('GITHUB_APP_PRIVATE_KEY is not a valid private key.');
  }
  return { appId, privateKey, baseUrl: apiUrl.replace(/\/+$/, ''), stored: null };
}

/**
 * Loads Octokit, which takes memory that processes without a GitHub App never need.
 *
 * @param name who logs what Octokit says
 */
export async function loadApp({ appId, privateKey, baseUrl }: AppCredentials, name: string): Promise<App> {
  const [{ App }, { Octokit }] = await Promise.all([import('@octokit/app'), import('@octokit/core')]);
  const logger = new Logger(name);
  return new App({
    appId,
    privateKey,
    log: {
      debug: (message: string) => logger.debug(message),
      info: (message: string) => logger.log(message),
      warn: (message: string) => logger.warn(message),
      error: (message: string) => logger.error(message),
    },
    Octokit: Octokit.defaults({ baseUrl, request: { fetch: fetchInTime } }),
  });
}
