import {
  type EventData,
  type MessageData,
  type MessageType,
  newId,
  type NotificationType,
  type PastEvent,
} from '@nexos/domain';
import { UnitOfWork } from '@nexos/database';
import { Injectable } from '@nestjs/common';

/** A webhook that may want to know. */
interface Subscriber {
  readonly id: string;
  readonly events: readonly NotificationType[];
  readonly createdAt: Date;
}

/** An event of a deployment or environment, with whether all consumers have had it. */
export interface SubjectEvent extends PastEvent {
  readonly seq: string;
  readonly data: EventData;
  readonly at: Date;
  readonly isDispatched: boolean;
}

/** What a message tells about its subject, as the database has it now. */
export interface SubjectFacts {
  readonly project: { readonly id: string; readonly name: string; readonly repository: string };
  readonly environment: { readonly id: string; readonly branch: string; readonly hostname: string };
  readonly deployment: DeploymentFacts | null;
}

export interface DeploymentFacts {
  readonly id: string;
  readonly trigger: string;
  readonly commit_sha: string | null;
  readonly commit_message: string | null;
  readonly commit_author: string | null;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly seconds_to_live: number | null;
  readonly seconds_to_end: number | null;
}

export interface NewMessage {
  readonly webhookId: string;
  readonly subject: string;
  readonly position: string;
  readonly type: MessageType;
  readonly data: MessageData;
  readonly at: Date;
}

/** Events of these types decide what an environment's events mean. Others may be many. */
const TELLING_TYPES = ['status', 'requested', 'health', 'build_minutes'];
/** More than what can follow the last crash or sleep of an environment within a day. */
const HISTORY = 200;
/** As long as events are dispatched. */
const MAX_AGE_HOURS = 24;

/** Writes messages to webhooks. */
@Injectable()
export class NotificationsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  /** Finds the enabled webhooks of a project and of its account. */
  subscribers(projectId: string): Promise<Subscriber[]> {
    return this.unitOfWork.manager.query<Subscriber[]>(
      `SELECT webhook.id, webhook.events, webhook.created_at AS "createdAt"
       FROM projects project JOIN webhooks webhook ON webhook.account_id = project.account_id
         AND (webhook.project_id IS NULL OR webhook.project_id = project.id)
       WHERE project.id = $1 AND webhook.disabled_at IS NULL ORDER BY webhook.id`,
      [projectId],
    );
  }

  /** Returns the last events of a deployment or environment up to one of them, oldest first. */
  async history(of: 'deployment' | 'environment', subjectId: string, seq: string): Promise<SubjectEvent[]> {
    const newest = await this.unitOfWork.manager.query<SubjectEvent[]>(
      `SELECT seq, type, data, reason, at,
         passed_on_at IS NOT NULL OR at < now() - make_interval(hours => $5) AS "isDispatched"
       FROM ${of}_events WHERE ${of}_id = $1 AND seq <= $2 AND type = ANY($3) ORDER BY seq DESC LIMIT $4`,
      [subjectId, seq, TELLING_TYPES, HISTORY, MAX_AGE_HOURS],
    );
    return newest.reverse();
  }

  /** @returns null when the subject no longer exists */
  async facts(of: 'deployment' | 'environment', subjectId: string): Promise<SubjectFacts | null> {
    const deployment =
      of === 'environment'
        ? 'NULL'
        : `jsonb_build_object('id', deployment.id, 'trigger', deployment.trigger,
             'commit_sha', deployment.commit_sha, 'commit_message', deployment.commit_message,
             'commit_author', deployment.commit_author, 'failure_code', deployment.failure_code,
             'failure_message', deployment.failure_message,
             'seconds_to_live', extract(epoch FROM deployment.live_at - deployment.queued_at),
             'seconds_to_end', extract(epoch FROM deployment.finished_at - deployment.queued_at))`;
    const [row] = await this.unitOfWork.manager.query<SubjectFacts[]>(
      `SELECT
         jsonb_build_object('id', project.id, 'name', project.name, 'repository', project.github_repo) AS project,
         jsonb_build_object('id', environment.id, 'branch', environment.branch, 'hostname', environment.hostname)
           AS environment, ${deployment} AS deployment
       FROM ${of === 'environment' ? '' : 'deployments deployment JOIN'} environments environment
         ${of === 'environment' ? '' : 'ON environment.id = deployment.environment_id'}
         JOIN projects project ON project.id = environment.project_id
       WHERE ${of}.id = $1`,
      [subjectId],
    );
    return row ?? null;
  }

  /**
   * Writes messages that do not exist yet, in an order in which two writers do not deadlock.
   *
   * @returns the ids of the webhooks that have new ones
   */
  async write(messages: readonly NewMessage[]): Promise<string[]> {
    const rows = messages.map(({ webhookId, ...message }) => ({
      ...message,
      id: newId('message'),
      webhook_id: webhookId,
    }));
    const written = await this.unitOfWork.manager.query<{ id: string }[]>(
      `INSERT INTO webhook_messages (id, webhook_id, subject, position, type, data, at)
       SELECT id, webhook_id, subject, position, type, data, at
       FROM jsonb_to_recordset($1) AS message (id text, webhook_id text, subject text, position bigint, type text,
         data jsonb, at timestamptz)
       ORDER BY webhook_id, subject, position
       ON CONFLICT (webhook_id, subject, position) DO NOTHING
       RETURNING webhook_id AS id`,
      [JSON.stringify(rows)],
    );
    return [...new Set(written.map(({ id }) => id))];
  }

  /** Tells the other webhooks of the same project or account that one was disabled. */
  async tellDisabled(webhookId: string, message: string): Promise<string[]> {
    const others = await this.unitOfWork.manager.query<{ id: string; at: Date; position: string }[]>(
      `SELECT other.id, now() AS at, (extract(epoch FROM now()) * 1000)::bigint AS position
       FROM webhooks webhook JOIN webhooks other ON other.account_id = webhook.account_id
         AND (other.project_id IS NULL OR other.project_id = webhook.project_id)
       WHERE webhook.id = $1 AND other.id <> $1 AND other.disabled_at IS NULL
         AND 'webhook.disabled' = ANY(other.events)`,
      [webhookId],
    );
    if (others.length === 0) return [];
    const data = { ...NO_SUBJECT, webhook: { id: webhookId }, message };
    return this.write(
      others.map(({ id, at, position }) => ({
        webhookId: id,
        subject: webhookId,
        position,
        type: 'webhook.disabled',
        data,
        at,
      })),
    );
  }
}

/** The data of a message about neither a deployment nor an environment. */
export const NO_SUBJECT: MessageData = {
  project: null,
  environment: null,
  deployment: null,
  webhook: null,
  reason: null,
  message: null,
};
