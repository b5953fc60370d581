import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { boundVariables } from './env.decorator.js';

type Section = abstract new () => object;
type Sections = Record<string, Section>;
type Loaded<S extends Sections> = { readonly [K in keyof S]: Readonly<InstanceType<S[K]>> };

/** Lists every missing or malformed variable by name. It never holds a value: values may be secrets. */
export class ConfigurationError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigurationError';
  }
}

/** Tells a supervisor that a restart does not help: `EX_CONFIG` of sysexits.h. */
const EXIT_CODE = 78;

/** Loads the configuration at start-up. If it is invalid, prints why on standard error and exits with 78. */
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
 * Reads and validates an app's sections from its environment variables. An empty value counts as unset.
 *
 * @throws {ConfigurationError} listing every invalid variable of every section
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
      const variable = boundVariables(section).get(error.property)?.name ?? error.property;
      problems.push(`${variable} ${reasons.join(', ')}`);
    }
    loaded[name] = Object.freeze(instance);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return loaded as Loaded<S>;
}
