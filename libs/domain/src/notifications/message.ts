import type { MessageType } from './notification-type.js';

/** A deployment in a message. */
export interface MessageDeployment {
  readonly id: string;
  readonly status: string;
  readonly trigger: string;
  readonly commit_sha: string | null;
  readonly commit_message: string | null;
  readonly commit_author: string | null;
  /** From the request to the end; null before it. */
  readonly duration_seconds: number | null;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** What a message is about. Parts that the type does not concern are null. */
export interface MessageData {
  readonly project: { readonly id: string; readonly name: string; readonly repository: string } | null;
  readonly environment: { readonly id: string; readonly branch: string; readonly url: string } | null;
  readonly deployment: MessageDeployment | null;
  /** The webhook that was disabled or is being tested. */
  readonly webhook: { readonly id: string } | null;
  /** A stable code for why it happened. */
  readonly reason: string | null;
  /** What happened, for people. */
  readonly message: string | null;
}

/** The body of a message, in the form of the Standard Webhooks specification (https://www.standardwebhooks.com). */
export interface Message {
  readonly type: MessageType;
  /** When it happened (ISO 8601). */
  readonly timestamp: string;
  readonly data: MessageData;
}

/** The form in which a receiver gets its messages. */
export const MESSAGE_FORMATS = ['standard', 'slack', 'discord', 'json'] as const;
export type MessageFormat = (typeof MESSAGE_FORMATS)[number];
