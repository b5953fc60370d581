import type { Message } from './message.js';
import { summarize } from './message-summary.js';

const RED = 0xd1242f;
const GREEN = 0x1a7f37;
const GREY = 0x6e7781;
/** Everything that Markdown, mentions, links or emoji begin with. */
const MEANINGFUL = /[\\*_~`|>#\-+.![\]()<@:{}]/g;

/** Returns a message for a webhook of Discord (https://docs.discord.com/developers/resources/webhook), which mentions nobody. */
export function discordMessage(message: Message): object {
  const { title, url, isProblem, isSuccess, fields, details } = summarize(message);
  return {
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: fit(title, 256),
        ...(url !== null && { url }),
        ...(details !== null && { description: fit(details, 2_400) }),
        color: isProblem ? RED : isSuccess ? GREEN : GREY,
        fields: fields.map(({ name, value }) => ({ name, value: fit(value, 1_024), inline: true })),
        timestamp: message.timestamp,
      },
    ],
  };
}

/** Escapes Markdown, and leaves out the end of a text that is then longer than Discord accepts. */
function fit(text: string, most: number): string {
  let fitted = '';
  for (const character of text) {
    const escaped = character.replace(MEANINGFUL, String.raw`\$&`);
    if (fitted.length + escaped.length > most) break;
    fitted += escaped;
  }
  return fitted;
}
