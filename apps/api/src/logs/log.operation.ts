import type { Type } from '@nestjs/common';
import type { OperationOptions } from '../http/openapi/operation.decorator.js';
import { LogLineEvent } from './log.response.js';

/** The specifics of a route that responds with a log. */
interface LogRoute {
  readonly summary: string;
  /** The class of a page. */
  readonly response: Type;
  /** The class of the `end` event, and when it is sent. */
  readonly end: { readonly event: Type; readonly when: string; readonly example: object };
  /** An example line. */
  readonly line: string;
}

/** Describes a route that responds with a log, as a page of JSON or as a stream. */
export function logOperation({ summary, response, end, line }: LogRoute): OperationOptions {
  const lineEvent = { time: '2026-04-10T12:00:00.000Z', stream: 'stdout', text: line };
  const example =
    `id: 1-42\nevent: line\ndata: ${JSON.stringify(lineEvent)}\n\n` +
    `event: end\ndata: ${JSON.stringify(end.example)}\n\n`;
  return {
    summary,
    description:
      'Returns one page as JSON. With `Accept: text/event-stream`, streams all existing and future lines as ' +
      '[server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html): a `line` event for each ' +
      `line and an \`end\` event with ${end.when}. At most 100 streams can be open at once per ` +
      'API key or session, and 400 per account.',
    response,
    headers: {
      Accept: { description: '`text/event-stream` to follow the log.', example: 'text/event-stream' },
      'Last-Event-ID': {
        description: 'The id of the last event received, to resume an interrupted stream.',
        example: '1-42',
      },
    },
    alsoReturns: {
      'text/event-stream': {
        schema: { type: 'string' },
        example,
        events: { line: LogLineEvent, end: end.event },
      },
    },
  };
}
