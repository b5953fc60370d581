import type { Message } from './message.js';
import { summarize } from './message-summary.js';

type Block = Readonly<Record<string, unknown>>;

/**
 * Returns a message for an incoming webhook of Slack (https://docs.slack.dev/block-kit). Text that anybody may have
 * written is `plain_text`, which has no mentions, links or Markdown.
 */
export function slackMessage(message: Message): object {
  const { title, url, fields, details } = summarize(message);
  const blocks: Block[] = [{ type: 'header', text: plain(title) }];
  if (url !== null) blocks.push({ type: 'section', text: { type: 'mrkdwn', text: `<${escapeSlack(url)}>` } });
  if (fields.length > 0) {
    blocks.push({ type: 'section', fields: fields.map(({ name, value }) => plain(`${name}\n${value}`)) });
  }
  if (details !== null) blocks.push({ type: 'section', text: plain(details) });
  // The text of notifications, and of clients without blocks.
  return { text: escapeSlack(title), mrkdwn: false, blocks };
}

function plain(text: string): Block {
  return { type: 'plain_text', text, emoji: false };
}

/** Escapes the three characters that Slack gives a meaning to in every text, which a mention or a link needs. */
function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
