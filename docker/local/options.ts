import { parseArgs, type ParseArgsConfig } from 'node:util';
import { messageOf } from './setup-error.mjs';

type Options = NonNullable<ParseArgsConfig['options']>;

/** Returns a command's options. Prints the usage and exits on `--help`, and with code 2 on an unknown option. */
export function readOptions<T extends Options>(usage: string, args: string[], options: T) {
  const text = `${usage}\n  --help    print this text\n`;
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
