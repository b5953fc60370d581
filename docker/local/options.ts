import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf } from './setup-error.mjs';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Reads the options of a command. `--help` prints the usage and ends the process; so does a wrong option, with 2. */
export function readOptions<T extends Options>(usage: string, args: string[], options: T) {
  const text = `${usage}\n  --help    this text\n`;
  try {
    const { values } = parseArgs({ args, options: { ...options, help: { type: 'boolean' } } });
    if (!('help' in values)) return values;
    process.stdout.write(text);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${text}`);
    process.exit(2);
  }
}
