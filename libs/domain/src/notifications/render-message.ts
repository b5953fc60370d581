import { discordMessage } from './discord-message.js';
import type { Message, MessageFormat } from './message.js';
import { slackMessage } from './slack-message.js';

/** Returns the JSON body that a receiver gets. */
export function renderMessage(message: Message, format: MessageFormat): string {
  switch (format) {
    case 'slack':
      return JSON.stringify(slackMessage(message));
    case 'discord':
      return JSON.stringify(discordMessage(message));
    case 'standard':
    case 'json':
      return JSON.stringify({ type: message.type, timestamp: message.timestamp, data: message.data });
  }
}
