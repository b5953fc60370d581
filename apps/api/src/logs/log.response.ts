import { formatLogCursor, type LogLine, type LogStream } from '@nexos/contracts';
import { ApiProperty, OmitType } from '@nestjs/swagger';
import { TimeProperty } from '../http/openapi/time.property.js';

const STREAMS = ['stdout', 'stderr', 'system'] satisfies LogStream[];

/** One line of a log on the wire. */
export class LogLineResponse {
  @ApiProperty({
    description: 'The line’s place; a reader that sends it as `cursor` or `Last-Event-ID` goes on after it.',
    example: '1-42',
  })
  cursor!: string;

  @TimeProperty()
  time!: string;

  @ApiProperty({ enum: STREAMS, description: '`system` is what Nexos itself has to say.' })
  stream!: LogStream;

  @ApiProperty({ example: 'Step 3/9 : RUN npm ci' })
  text!: string;
}

/** What a `line` event holds; the cursor is the event's id. */
export class LogLineEvent extends OmitType(LogLineResponse, ['cursor']) {}

export function toLogLineResponse(line: LogLine): LogLineResponse {
  return { cursor: formatLogCursor(line), time: line.time, stream: line.stream, text: line.text };
}
