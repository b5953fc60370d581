import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { environmentVariableOf } from './env.decorator.js';

type Section = abstract new () => object;
type Sections = Record<string, Section>;
type Loaded<S extends Sections> = { readonly [K in keyof S]: Readonly<InstanceType<S[K]>> };

/** Names every variable that is missing or malformed, and never a value: values may be secrets. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** Of a process that starting again would not help: `EX_CONFIG` of sysexits.h. */
const EXIT_CODE = 78;

/** As `loadConfig`, for the start of a process: what is wrong is said on standard error, and the process ends with 78. */
export function loadConfigOrExit<S extends Sections>(sections: S): Loaded<S> {
  try {
    return loadConfig(sections);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CODE);
  }
}

/**
 * Reads and validates the sections that one app needs from its environment variables.
 *
 * @throws {ConfigurationError} naming every bad variable of every section at once
 */
export function loadConfig<S extends Sections>(sections: S, env: NodeJS.ProcessEnv = process.env): Loaded<S> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const problems: string[] = [];
  const loaded: Record<string, object> = {};
  for (const [name, section] of Object.entries(sections)) {
    const instance = plainToInstance(section as new () => object, present, {
      excludeExtraneousValues: true,
      exposeDefaultValues: true,
    });
    for (const error of validateSync(instance)) {
      const reasons = Object.values(error.constraints ?? {}).map((reason) =>
        reason.replaceAll(error.property, '').trim(),
      );
      problems.push(`${environmentVariableOf(section, error.property)} ${reasons.join(', ')}`);
    }
    loaded[name] = Object.freeze(instance);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return loaded as Loaded<S>;
}
