import {
  APP_CONTAINER,
  CONTAINER_NAME,
  CONTAINER_NAME_RULE,
  ARGUMENT,
  EXECUTION_TIMEOUT_SECONDS,
  MAX_ARGUMENT,
  MAX_ARGUMENTS,
} from '@nexos/domain';
import { ApiProperty } from '../../http/openapi/api-property.js';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsInt, Matches, Max, Min } from 'class-validator';
import { Conforms } from '../../http/conforms.decorator.js';
import { Optional } from '../../http/optional.decorator.js';

const { min, max, fallback } = EXECUTION_TIMEOUT_SECONDS;

/** Does not quote the arguments: they may hold secrets. */
function commandProblem(command: unknown): string | null {
  if (!Array.isArray(command) || command.length > MAX_ARGUMENTS) return null;
  const invalid = command.findIndex((argument) => !isArgument(argument));
  if (invalid !== -1) {
    return `is invalid at index ${invalid}: each argument must be Unicode text without NUL, of at most ${MAX_ARGUMENT} characters`;
  }
  return command[0] === '' ? 'must start with a program' : null;
}

function isArgument(argument: unknown): boolean {
  return typeof argument === 'string' && argument.length <= MAX_ARGUMENT && ARGUMENT.test(argument);
}

/** The body of `POST /environments/:id/exec`. */
export class CreateExecutionDto {
  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: MAX_ARGUMENTS,
    description:
      'A program and its arguments, at most 4,096 characters each. `$NAME` and `${NAME}` are replaced by variables of ' +
      'the environment; unknown names are left as they are.',
    example: ['psql', '$DATABASE_URL', '-c', 'select 1'],
  })
  @IsArray({ message: 'must be a list with a program and its arguments' })
  @ArrayNotEmpty({ message: 'must start with a program' })
  @ArrayMaxSize(MAX_ARGUMENTS, { message: `must have at most ${MAX_ARGUMENTS} arguments` })
  @Conforms(commandProblem)
  command!: string[];

  @ApiProperty({
    type: 'string',
    required: false,
    default: APP_CONTAINER,
    description: 'The container whose image and variables the command gets: `app`, or one of `containers`.',
    example: 'worker',
  })
  @Optional()
  @Matches(CONTAINER_NAME, { message: CONTAINER_NAME_RULE })
  container: string = APP_CONTAINER;

  @ApiProperty({ description: 'Seconds after which the command is stopped.' })
  @Optional()
  @IsInt({ message: 'must be a whole number' })
  @Min(min, { message: `must be at least ${min}` })
  @Max(max, { message: `must be at most ${max}` })
  timeout_seconds: number = fallback;
}
