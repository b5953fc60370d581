import { appManifest } from '@nexos/domain';
import type { GithubApi } from './github-api.js';

/** Creates an App from the manifest of Nexos, as a browser would; returns the code that GitHub sends back. */
export async function createApp(
  github: GithubApi,
  { name = 'Nexos', api = 'https://nexos.example.com' } = {},
): Promise<string> {
  const manifest = JSON.stringify(appManifest(name, { api, homepage: api }));
  return codeOf(await submitManifest(`${github.webUrl}/settings/apps/new`, manifest));
}

/** Sends the form of a page that creates an App; returns where GitHub redirects to. */
export async function submitManifest(action: string, manifest: string): Promise<URL> {
  const body = new URLSearchParams({ manifest });
  const response = await fetch(action, { method: 'POST', body, redirect: 'manual' });
  const location = response.headers.get('location');
  if (location === null) throw new Error(`GitHub answered ${response.status}: ${await response.text()}`);
  return new URL(location);
}

export function codeOf(callback: URL): string {
  return callback.searchParams.get('code') ?? '';
}
