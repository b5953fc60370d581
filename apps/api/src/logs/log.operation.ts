import type { Type } from '@nestjs/common';
import type { OperationOptions } from '../http/openapi/operation.decorator.js';
import { LogLineEvent } from './log.response.js';

/** What a route tells of the log that it answers with. */
interface LogRoute {
  readonly summary: string;
  /** Of a page. */
  readonly response: Type;
  /** Of the `end` event, and when it comes. */
  readonly end: { readonly event: Type; readonly when: string; readonly example: object };
  /** A line of such a log. */
  readonly line: string;
}

/** Describes a route that answers with a log, as a page of JSON or as a stream. */
export function logOperation({ summary, response, end, line }: LogRoute): OperationOptions {
  const lineEvent = { time: '2026-04-10T12:00:00.000Z', stream: 'stdout', text: line };
  const example =
    `id: 1-42\nevent: line\ndata: ${JSON.stringify(lineEvent)}\n\n` +
    `event: end\ndata: ${JSON.stringify(end.example)}\n\n`;
  return {
    summary,
    description:
      'One page as JSON; with `Accept: text/event-stream` all of it, and what is still to come, as ' +
      '[server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): a `line` event for each ' +
      `line and an \`end\` event with ${end.when}. 100 streams may be open at once with one ` +
      'API key or session, 400 of one account.',
    response,
    headers: {
      Accept: { description: 'text/event-stream to follow the log.', example: 'text/event-stream' },
      'Last-Event-ID': { description: 'Where a reader that was cut off goes on.', example: '1-42' },
    },
    alsoAnswers: {
      'text/event-stream': {
        schema: { type: 'string' },
        example,
        events: { line: LogLineEvent, end: end.event },
      },
    },
  };
}
