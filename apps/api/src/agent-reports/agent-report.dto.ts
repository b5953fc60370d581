import {
  AGENT_REPORT_LIMITS,
  type AgentReport,
  type ContainerEnd,
  type ContainerRun,
} from '@nexos/contracts';
import {
  APP_CONTAINER,
  COMMAND_PROBLEMS,
  type CommandProblem,
  CONTAINER_NAME,
  idPattern,
  type Listener,
} from '@nexos/domain';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsIP,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

const TIME = /^20\d\d-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d{1,9})?Z$/;
/** Printable ASCII: Postgres stores no null character. */
const NAME = /^[\x20-\x7e]{1,255}$/;
const CONTAINER_ID = /^[0-9a-f]{64}$/;
const DEPLOYMENT_ID = new RegExp(idPattern('deployment'));
const FILE_NAME = new RegExp(`^[\\x20-\\x7e]{1,${AGENT_REPORT_LIMITS.fileName}}$`);
const MAX_EXIT_CODE = 255;
const MAX_PORT = 65_535;

/** Validates a field unless it is null; unlike `IsOptional`, requires it to be there. */
const unlessNull = (field: string) =>
  ValidateIf((owner: object) => (owner as Record<string, unknown>)[field] !== null);

/** Accepts a time as the engine writes it, on a day that exists. */
function IsTime(): PropertyDecorator {
  const validate = (value: unknown) => typeof value === 'string' && TIME.test(value) && isOnCalendar(value);
  return ValidateBy({ name: 'isTime', validator: { validate } });
}

function isOnCalendar(time: string): boolean {
  const parsed = Date.parse(time);
  return (
    !Number.isNaN(parsed) &&
    new Date(parsed).toISOString().startsWith(time.slice(0, 'yyyy-mm-ddThh:mm:ss'.length))
  );
}

class OutputLineDto {
  @IsTime()
  time!: string;

  @IsIn(['stdout', 'stderr'])
  stream!: 'stdout' | 'stderr';

  @IsString()
  @MaxLength(AGENT_REPORT_LIMITS.lineBytes)
  text!: string;
}

class ListenerDto implements Listener {
  @IsIP()
  address!: string;

  @IsInt()
  @Min(0)
  @Max(MAX_PORT)
  port!: number;
}

class CommandProblemDto implements CommandProblem {
  @IsIn(COMMAND_PROBLEMS)
  kind!: CommandProblem['kind'];

  @Matches(FILE_NAME)
  file!: string;

  @unlessNull('interpreter')
  @Matches(FILE_NAME)
  interpreter!: string | null;
}

class ContainerEndDto implements ContainerEnd {
  @IsTime()
  at!: string;

  @IsInt()
  @Min(0)
  @Max(MAX_EXIT_CODE)
  code!: number;

  @IsBoolean()
  isOutOfMemory!: boolean;

  @IsBoolean()
  isUnhealthy!: boolean;

  @IsBoolean()
  isStopped!: boolean;

  @IsArray()
  @ArrayMaxSize(AGENT_REPORT_LIMITS.lines)
  @ValidateNested({ each: true })
  @Type(() => OutputLineDto)
  lines!: OutputLineDto[];

  @unlessNull('commandProblem')
  @IsObject()
  @ValidateNested()
  @Type(() => CommandProblemDto)
  commandProblem!: CommandProblemDto | null;
}

class ContainerRunDto implements ContainerRun {
  @Matches(CONTAINER_ID)
  id!: string;

  @Matches(DEPLOYMENT_ID)
  deploymentId!: string;

  /** Agents of earlier releases know only the app. */
  @Matches(CONTAINER_NAME)
  container: string = APP_CONTAINER;

  @Matches(NAME)
  name!: string;

  @unlessNull('address')
  @IsIP()
  address!: string | null;

  @IsTime()
  startedAt!: string;

  @unlessNull('outOfMemoryAt')
  @IsTime()
  outOfMemoryAt!: string | null;

  @unlessNull('listeners')
  @IsArray()
  @ArrayMaxSize(AGENT_REPORT_LIMITS.listeners)
  @ValidateNested({ each: true })
  @Type(() => ListenerDto)
  listeners!: ListenerDto[] | null;

  @unlessNull('end')
  @IsObject()
  @ValidateNested()
  @Type(() => ContainerEndDto)
  end!: ContainerEndDto | null;
}

class ListingDto {
  @IsTime()
  at!: string;

  @IsArray()
  @ArrayMaxSize(AGENT_REPORT_LIMITS.listed)
  @Matches(CONTAINER_ID, { each: true })
  ids!: string[];
}

/** A report of an agent; nothing in it is trusted. */
export class AgentReportDto implements AgentReport {
  @Matches(/^[a-z0-9]{1,64}$/)
  machine!: string;

  @IsArray()
  @ArrayMaxSize(AGENT_REPORT_LIMITS.containers)
  @ValidateNested({ each: true })
  @Type(() => ContainerRunDto)
  containers!: ContainerRunDto[];

  @unlessNull('listed')
  @IsObject()
  @ValidateNested()
  @Type(() => ListingDto)
  listed!: ListingDto | null;
}
