import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Env } from './env.decorator.js';

/** The Docker Engine and the Swarm it belongs to. */
export class EngineConfig {
  @Env('DOCKER_HOST')
  @Matches(/^(unix:\/\/\/|tcp:\/\/|https?:\/\/)/, { message: 'must begin with unix:/// or tcp://' })
  dockerHost = 'unix:///var/run/docker.sock';

  /**
   * Marks all that this installation makes on the engine; another installation's things are left alone. It is part of
   * names that are DNS labels and hold an id as well.
   */
  @Env('NEXOS_INSTANCE')
  @Matches(/^[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?$/, { message: 'must be 1 to 16 of a-z, 0-9 and inner -' })
  instance = 'nexos';

  /** The address that other nodes reach this one by; used when the engine is in no Swarm yet. */
  @Env('SWARM_ADVERTISE_ADDR')
  @Matches(/^[A-Za-z0-9.:_-]{1,255}$/, { message: 'must be an address or the name of a network interface' })
  swarmAdvertiseAddr = '127.0.0.1';

  /** Where overlay networks take their subnets from; each project takes one /24. */
  @Env('SWARM_ADDRESS_POOL')
  @Matches(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, { message: 'must be a CIDR block such as 10.128.0.0/9' })
  swarmAddressPool = '10.128.0.0/9';

  /**
   * How many times the CPUs of a node are promised to apps: each may take its project's `cpu`, and has that divided by
   * this reserved. Most environments wait for visitors most of the time. Memory is never promised twice.
   */
  @Env('CPU_OVERCOMMIT', 'integer')
  @IsInt()
  @Min(1)
  @Max(100)
  cpuOvercommit = 4;

  /** A registry to push to, as host[:port][/path]; without it an image runs on the node that built it. */
  @Env('REGISTRY_URL')
  @IsOptional()
  @Matches(/^[a-z0-9.-]+(:\d{1,5})?(\/[a-z0-9._/-]+)?$/, { message: 'must be host[:port][/path], no scheme' })
  registry?: string;
}
