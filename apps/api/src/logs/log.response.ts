import { formatLogCursor, type LogLine, type LogStream } from '@nexos/contracts';
import { ApiProperty } from '../http/openapi/api-property.js';
import { TimeProperty } from '../http/openapi/time.property.js';

const STREAMS = ['stdout', 'stderr', 'system'] satisfies LogStream[];

/** The data of a `line` event; the cursor is the event's id. */
export class LogLineEvent {
  @TimeProperty()
  time!: string;

  @ApiProperty({ enum: STREAMS, description: '`system` for lines written by Nexos itself.' })
  stream!: LogStream;

  @ApiProperty({ example: 'Step 3/9 : RUN npm ci' })
  text!: string;
}

/** One line of a log in a response. */
export class LogLineResponse extends LogLineEvent {
  @ApiProperty({
    description: 'The position of the line. Send it as `cursor` or `Last-Event-ID` to continue after it.',
    example: '1-42',
  })
  cursor!: string;
}

export function toLogLineResponse(line: LogLine): LogLineResponse {
  return { cursor: formatLogCursor(line), time: line.time, stream: line.stream, text: line.text };
}
