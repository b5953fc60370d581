import { createDataSource, UnitOfWork } from '@nexos/database';
import { DatabaseConfig, loadConfig } from '@nexos/config';
import { type Scope, SCOPES } from '@nexos/domain';
import { expect } from 'vitest';
import { AccountsRepository } from '@nexos/state';
import { issueApiKey } from '../../../apps/api/src/auth/api-keys/issue-api-key.js';
import { ApiClient, type NewProject, type Project } from '../../support/nexos/api-client.js';
import type { Installation } from '../../support/nexos/installation.js';

export const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  request_id: string;
  errors?: { field: string; message: string }[];
  subjects?: { type: string; id: string; name: string }[];
}

/** Checks that a response is an RFC 9457 problem without internals, and returns the problem. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(text) as Problem;
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^urn:nexos:problem:[a-z-]+$/) as string,
    title: expect.any(String) as string,
    status: response.status,
    detail: expect.any(String) as string,
    request_id: response.headers.get('x-request-id'),
  });
  expect(text).not.toMatch(/SELECT|INSERT|node_modules|\.js:\d|\.ts:\d|"stack"/);
  return problem;
}

/** Returns the names of the fields that a 400 response reports. */
export async function refusedFields(response: Response): Promise<string[]> {
  expect(response.status).toBe(400);
  const problem = await problemOf(response);
  expect(problem.type).toBe('urn:nexos:problem:validation');
  for (const { message } of problem.errors ?? []) expect(message).not.toBe('');
  return (problem.errors ?? []).map(({ field }) => field).sort();
}

/** Returns a client of another account than the stack's own, and its key. */
export async function anotherAccount(
  nexos: Installation,
  account = 'another account',
  scopes: readonly Scope[] = SCOPES,
): Promise<{ api: ApiClient; key: string }> {
  const { database } = loadConfig({ database: DatabaseConfig }, nexos.env);
  const dataSource = await createDataSource(database).initialize();
  try {
    const unitOfWork = new UnitOfWork(dataSource);
    const local = { name: account, plan: 'enterprise', isOperator: false } as const;
    const accountId = await new AccountsRepository(unitOfWork).ensureLocal(local);
    const request = { accountId, name: 'test', scopes, expiresAt: null };
    const key = await issueApiKey(unitOfWork, request);
    return { api: new ApiClient(nexos.api.baseUrl, key), key };
  } finally {
    await dataSource.destroy();
  }
}

let counter = 0;

/** Creates a project; returns it with its repository. */
export async function createProject(
  nexos: Installation,
  settings: Partial<NewProject> = {},
): Promise<Project & { repository: string }> {
  const name = `app-${++counter}`;
  const body = { name, github_repo: `acme/${name}`, ...settings };
  return { ...(await nexos.api.createProject(body)), repository: body.github_repo };
}

/** Returns a made-up commit SHA with this number. */
export function commit(number: number): string {
  return number.toString(16).padStart(40, '0');
}
