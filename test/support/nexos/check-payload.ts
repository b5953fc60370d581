import { exampleOf, repositoryId } from './webhook-sender.js';

/** What a test says about checks that are to run again. */
export interface CheckFields {
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  readonly appId: number;
  /** Our id of one check; without it, all checks of the commit. */
  readonly externalId?: string;
  readonly sender?: string;
  readonly action?: string;
}

/** Returns the event and the payload by which GitHub says that checks are to run again. */
export function checkPayload({
  repository: name,
  sha,
  appId,
  externalId,
  sender = 'octocat',
  action = 'rerequested',
}: CheckFields): { event: 'check_run' | 'check_suite'; payload: Record<string, unknown> } {
  const event = externalId === undefined ? 'check_suite' : 'check_run';
  const example = exampleOf(event, (one) => one.action === 'rerequested');
  const check = { ...(example[event] as object), head_sha: sha, app: { id: appId } };
  const payload = {
    ...example,
    action,
    [event]: { ...check, ...(externalId !== undefined && { external_id: externalId }) },
    repository: { ...(example.repository as object), id: repositoryId(name), full_name: name },
    sender: { ...(example.sender as object), login: sender },
  };
  return { event, payload };
}
