import { NO_VERSIONS, type ServiceOffer } from '../service-offer.js';
import type { RepositoryConfig } from '../settings-types.js';
import { CONFIG_FILE, RepositoryConfigError } from './config-problem.js';
import { ConfigReader } from './config-reader.js';
import { FILE_SHAPE } from './file-shape.js';
import { readYaml } from './yaml-source.js';

/**
 * Parses a project's `nexos.yaml`. An empty file gives an empty config.
 *
 * @param bytes any content
 * @param file the path of the file, as messages show it
 * @throws {RepositoryConfigError} listing all problems, up to a limit
 */
export function parseRepositoryConfig(
  bytes: Uint8Array,
  offer: ServiceOffer = NO_VERSIONS,
  file: string = CONFIG_FILE,
): RepositoryConfig {
  try {
    return parse(bytes, offer);
  } catch (error) {
    throw error instanceof RepositoryConfigError ? new RepositoryConfigError(error.problems, file) : error;
  }
}

function parse(bytes: Uint8Array, offer: ServiceOffer): RepositoryConfig {
  const { document, lineAt } = readYaml(bytes);
  const { contents } = document;
  const reader = new ConfigReader(lineAt, offer);
  const config = reader.read(contents, FILE_SHAPE, '') as RepositoryConfig | undefined;
  if (reader.problems.length > 0) throw new RepositoryConfigError(reader.problems);
  return config ?? {};
}
