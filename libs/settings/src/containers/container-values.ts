import { storedCommand, storedVariables, userCommand } from '../stored-values.js';

/** A container as users give it; each field that is left out has its default. */
export interface GivenContainer {
  readonly name: string;
  readonly dockerfile?: string;
  readonly context?: string;
  readonly target?: string;
  readonly image?: string;
  /** Text for a shell, or arguments. */
  readonly command?: string | readonly string[];
  readonly port?: number;
  readonly public?: boolean;
  readonly overlap?: boolean;
  readonly cpu?: number;
  readonly memory_mb?: number;
  /** Another name of `memory_mb`. */
  readonly memory?: number;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly depends_on?: readonly string[];
  readonly health_check_path?: string;
  readonly start_timeout_seconds?: number;
  readonly init?: boolean;
}

/** A container as the database stores it: with every field. */
export interface StoredContainer {
  readonly name: string;
  /** Null: it runs `image`, or the app's image. */
  readonly dockerfile: string | null;
  /** Null: the app's. */
  readonly context: string | null;
  /** Null: the last stage. */
  readonly target: string | null;
  readonly image: string | null;
  /** Arguments; null: the command of the image. */
  readonly command: readonly string[] | null;
  /** Null: it answers no requests, or is public and nobody has set its port. */
  readonly port: number | null;
  readonly public: boolean;
  readonly overlap: boolean;
  readonly cpu: number;
  readonly memory_mb: number;
  readonly env: Readonly<Record<string, string>>;
  readonly depends_on: readonly string[];
  readonly health_check_path: string;
  readonly start_timeout_seconds: number;
  readonly init: boolean;
}

/** A container as users receive it, without the fields that have no value. */
export type UserContainer = Omit<GivenContainer, 'memory'>;

export const CONTAINER_DEFAULTS = {
  dockerfile: null,
  context: null,
  target: null,
  image: null,
  command: null,
  port: null,
  public: false,
  overlap: true,
  cpu: 0.5,
  memory_mb: 512,
  env: {},
  depends_on: [],
  health_check_path: '/',
  start_timeout_seconds: 60,
  init: true,
} as const satisfies Omit<StoredContainer, 'name'>;

/** Converts a given container to its stored form; leaves a stored one as it is. */
export function storedContainer({
  memory,
  command,
  env,
  ...given
}: GivenContainer | (StoredContainer & { readonly memory?: never })): StoredContainer {
  return {
    ...CONTAINER_DEFAULTS,
    ...(memory !== undefined && { memory_mb: memory }),
    ...given,
    ...(command != null && { command: storedCommand(command) }),
    ...(env !== undefined && { env: storedVariables(env) }),
  };
}

/** Converts a stored container to the form that users see, and may send. */
export function userContainer(container: StoredContainer): UserContainer {
  const { port, health_check_path: path } = container;
  const values = Object.entries({
    ...container,
    command: userCommand(container.command),
    health_check_path: port === null && !container.public ? null : path,
  });
  return Object.fromEntries(values.filter(([, value]) => value !== null)) as unknown as UserContainer;
}
