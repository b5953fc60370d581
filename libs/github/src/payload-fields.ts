import { cutText, isRepositoryName } from '@nexos/domain';
import type { InstallationLite, Repository } from '@octokit/webhooks-types';
import { MalformedPayloadError } from './malformed-payload.error.js';

/** A payload with the property names of GitHub's schema and unverified values. */
export type Unchecked<T> = { readonly [K in keyof T]?: unknown };

/** Returns a JSON object; rejects arrays and null. */
export function objectAt(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedPayloadError(field, 'must be an object');
  }
  return value as Record<string, unknown>;
}

export function stringAt(value: unknown, field: string): string {
  if (typeof value !== 'string') throw new MalformedPayloadError(field, 'must be a string');
  return value;
}

export function booleanAt(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedPayloadError(field, 'must be a boolean');
  return value;
}

/**
 * Returns free text, truncated to `limit` UTF-16 units without splitting a character. Removes NUL, which PostgreSQL's
 * text type cannot store (https://www.postgresql.org/docs/current/datatype-character.html).
 */
export function textAt(value: unknown, field: string, limit: number): string {
  return cutText(stringAt(value, field).replaceAll('\0', ''), limit);
}

/** What a payload says about its repository. */
interface PayloadRepository {
  /** `owner/name` */
  readonly fullName: string;
  /** GitHub's id of it, which stays when the name changes; null when the payload has none. */
  readonly id: string | null;
  /** The time of its last push. */
  readonly pushedAt: Date | null;
  readonly defaultBranch: string | null;
}

/** Returns what a payload says about its repository. */
export function repositoryAt(value: unknown): PayloadRepository {
  const repository: Unchecked<Repository> = objectAt(value, 'repository');
  const fullName = stringAt(repository.full_name, 'repository.full_name');
  if (!isRepositoryName(fullName)) {
    throw new MalformedPayloadError('repository.full_name', 'must have the form owner/name');
  }
  const id = idAt(repository.id, 'repository.id');
  return {
    fullName,
    id: id === null ? null : String(id),
    pushedAt: timeAt(repository.pushed_at, 'repository.pushed_at'),
    defaultBranch: typeof repository.default_branch === 'string' ? repository.default_branch : null,
  };
}

export function installationIdAt(value: unknown): number | null {
  if (value === undefined || value === null) return null;
  const installation: Unchecked<InstallationLite> = objectAt(value, 'installation');
  const id = idAt(installation.id, 'installation.id');
  if (id === null) throw new MalformedPayloadError('installation.id', 'must be a positive integer');
  return id;
}

/** Returns the login of the user who caused an event; null when the payload does not tell. */
export function senderAt(value: unknown): string | null {
  const { login } = Object(value) as { login?: unknown };
  return typeof login === 'string' ? login : null;
}

export function idAt(value: unknown, field: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) {
    throw new MalformedPayloadError(field, 'must be a positive integer');
  }
  return value;
}

/** Parses a time. GitHub sends Unix seconds in push payloads, and ISO 8601 elsewhere. */
export function timeAt(value: unknown, field: string): Date | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' && typeof value !== 'string') {
    throw new MalformedPayloadError(field, 'must be a valid time');
  }
  const time = new Date(typeof value === 'number' ? value * 1000 : value);
  const year = time.getUTCFullYear();
  // No push happened outside these years, and PostgreSQL would reject some of them.
  if (!(year >= 1970 && year <= 9999)) throw new MalformedPayloadError(field, 'must be a valid time');
  return time;
}
