import type { Message, MessageData } from './message.js';
import type { MessageType } from './notification-type.js';
import { cutText, durationText } from './plain-text.js';

/** The parts of a message for people, as plain text. All of it may come from a stranger: escape it. */
export interface MessageSummary {
  readonly title: string;
  readonly isProblem: boolean;
  readonly isSuccess: boolean;
  /** Where the environment is served; null when it no longer is. */
  readonly url: string | null;
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** What happened, in sentences. */
  readonly details: string | null;
}

const WHAT: Readonly<Record<MessageType, string>> = {
  'deployment.queued': 'deployment queued',
  'deployment.building': 'building',
  'deployment.live': 'deployed',
  'deployment.failed': 'deployment failed',
  'deployment.cancelled': 'deployment cancelled',
  'environment.created': 'environment created',
  'environment.sleeping': 'environment is asleep',
  'environment.awake': 'environment is awake',
  'environment.crashed': 'environment crashed',
  'environment.recovered': 'environment recovered',
  'environment.destroyed': 'environment destroyed',
  'account.build_minutes': 'the build minutes are running out',
  'webhook.disabled': 'webhook disabled',
  test: 'Test message from Nexos',
};
const PROBLEMS: readonly MessageType[] = [
  'deployment.failed',
  'environment.crashed',
  'account.build_minutes',
  'webhook.disabled',
];
const SUCCESSES: readonly MessageType[] = ['deployment.live', 'environment.recovered'];

const MAX_TITLE = 140;
const MAX_FIELD = 400;
const MAX_DETAILS = 1_200;
const SHORT_SHA = 10;

/** Summarizes a message for people. Each part has a bounded length and no invisible characters. */
export function summarize({ type, data }: Message): MessageSummary {
  const { project, environment, deployment } = data;
  const subject = [project?.name, environment?.branch].filter((part) => part !== undefined).join(' · ');
  const failure = type === 'deployment.failed' ? (deployment?.failure?.message ?? null) : null;
  const details = failure ?? data.message;
  return {
    title: cutText(subject === '' ? capitalized(WHAT[type]) : `${subject}: ${WHAT[type]}`, MAX_TITLE),
    isProblem: PROBLEMS.includes(type),
    isSuccess: SUCCESSES.includes(type),
    url: type === 'environment.destroyed' ? null : (environment?.url ?? null),
    fields: fieldsOf(data).flatMap(([name, value]) =>
      value === null ? [] : [{ name, value: cutText(value, MAX_FIELD) }],
    ),
    details: details === null ? null : cutText(details, MAX_DETAILS),
  };
}

function fieldsOf({ project, environment, deployment, reason }: MessageData): [string, string | null][] {
  return [
    ['Repository', project?.repository ?? null],
    ['Branch', environment?.branch ?? null],
    ['Commit', commitText(deployment)],
    ['Duration', durationText(deployment?.duration_seconds ?? null)],
    ['Reason', reason],
  ];
}

function commitText(deployment: MessageData['deployment']): string | null {
  if (deployment?.commit_sha == null) return null;
  const [subject = ''] = (deployment.commit_message ?? '').split('\n');
  return `${deployment.commit_sha.slice(0, SHORT_SHA)} ${subject}`.trim();
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
