import { isScalar } from 'yaml';
import { RepositoryConfigError } from './config-problem.js';
import { ConfigReader } from './config-reader.js';
import type { RepositoryConfig } from '../settings-types.js';
import { FILE_SHAPE } from './file-shape.js';
import { readYaml } from './yaml-source.js';

/**
 * Parses a repository's `nexos.yaml`. An empty file gives an empty config.
 *
 * @param bytes any content
 * @throws {RepositoryConfigError} listing all problems, up to a limit
 */
export function parseRepositoryConfig(bytes: Uint8Array): RepositoryConfig {
  const { document, lineAt } = readYaml(bytes);
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.source === '' && contents.value === null))
    return {};
  const reader = new ConfigReader(lineAt);
  const config = reader.read(contents, FILE_SHAPE, '');
  if (reader.problems.length > 0) throw new RepositoryConfigError(reader.problems);
  return config as RepositoryConfig;
}
