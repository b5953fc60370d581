import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../../../libs/github/src', import.meta.url));
const ROUTE = /'((?:DELETE|GET|PATCH|POST|PUT) \/[^']*)'/g;

/** How the tests have Nexos make a call to GitHub's API, so that it can fail. */
export type CallUse =
  /** Each push does. */
  | { readonly by: 'report' }
  /** A report does, after this other call failed in a way that leaves open whether it took effect. */
  | { readonly by: 'doubt'; readonly about: string }
  /** It is no part of a report; this spec has it fail. */
  | { readonly by: 'other'; readonly spec: string };

/** All calls. One that Nexos makes and that is missing here fails `test/integration/github-reports/faults.spec.ts`. */
export const CALLS: Readonly<Record<string, CallUse>> = {
  'POST /app/installations/{installation_id}/access_tokens': { by: 'report' },
  'POST /repos/{owner}/{repo}/check-runs': { by: 'report' },
  'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}': { by: 'report' },
  'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': {
    by: 'doubt',
    about: 'POST /repos/{owner}/{repo}/check-runs',
  },
  'POST /repos/{owner}/{repo}/deployments': { by: 'report' },
  'GET /repos/{owner}/{repo}/deployments': { by: 'doubt', about: 'POST /repos/{owner}/{repo}/deployments' },
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': { by: 'report' },
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
    by: 'doubt',
    about: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
  },
  'GET /repos/{owner}/{repo}/pulls': { by: 'report' },
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': { by: 'report' },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': { by: 'report' },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': { by: 'report' },
  'GET /repos/{owner}/{repo}/installation': { by: 'other', spec: 'test/full/github-faults.spec.ts' },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': {
    by: 'other',
    spec: 'test/integration/github-reports/fork-comments.spec.ts',
  },
  'GET /repos/{owner}/{repo}': { by: 'other', spec: 'test/integration/api/repository-check.spec.ts' },
  'GET /repos/{owner}/{repo}/collaborators/{username}/permission': {
    by: 'other',
    spec: 'test/integration/api/repository-check.spec.ts',
  },
  'GET /app': { by: 'other', spec: 'test/integration/github/stored-app.spec.ts' },
  'POST /app-manifests/{code}/conversions': {
    by: 'other',
    spec: 'test/integration/github/stored-app.spec.ts',
  },
  'GET /app/installations': { by: 'other', spec: 'test/integration/github-installations/listing.spec.ts' },
  'GET /app/installations/{installation_id}': {
    by: 'other',
    spec: 'test/integration/github-installations/listing.spec.ts',
  },
  'GET /installation/repositories': {
    by: 'other',
    spec: 'test/integration/github-installations/listing.spec.ts',
  },
  'GET /app/hook/deliveries': { by: 'other', spec: 'test/integration/github/redelivery.spec.ts' },
  'POST /app/hook/deliveries/{delivery_id}/attempts': {
    by: 'other',
    spec: 'test/integration/github/redelivery.spec.ts',
  },
  'GET /user/installations': { by: 'other', spec: 'test/integration/api/sign-in-installations.spec.ts' },
  'GET /user': { by: 'other', spec: 'test/full/api/sign-in-faults.spec.ts' },
  'GET /user/emails': { by: 'other', spec: 'test/full/api/sign-in-faults.spec.ts' },
};

/** Returns the calls that the sources of `libs/github` make. */
export async function callsInSources(): Promise<string[]> {
  const files = await readdir(SOURCES, { recursive: true });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  const texts = await Promise.all(sources.map((file) => readFile(join(SOURCES, file), 'utf8')));
  const found = texts.flatMap((text) => [...text.matchAll(ROUTE)].map(([, route = '']) => route));
  return [...new Set(found)].sort();
}

/** Returns whether a request, such as `GET /repos/octo/app/pulls`, is one of a call. */
export function isCall(request: string, call: string): boolean {
  const pattern = call.replace(/\{\w+\}/g, '[^/]+');
  return new RegExp(`^${pattern}$`).test(request);
}
