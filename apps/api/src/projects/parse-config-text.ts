import {
  parseRepositoryConfig,
  type RepositoryConfig,
  RepositoryConfigError,
  type ServiceOffer,
} from '@nexos/settings';
import { refused } from '../http/problems/api-error.js';

/**
 * Parses the text of a `nexos.yaml` in a request.
 *
 * @param prefix precedes the names of fields in errors
 * @throws {ApiError} validation, with the line of each problem
 */
export function parseConfigText(
  text: string | Uint8Array,
  offer: ServiceOffer,
  prefix = '',
): RepositoryConfig {
  try {
    return parseRepositoryConfig(typeof text === 'string' ? new TextEncoder().encode(text) : text, offer);
  } catch (error) {
    if (!(error instanceof RepositoryConfigError)) throw error;
    throw refused(
      error.problems.map(({ line, path, message }) => ({
        field: `${prefix}${path}`.replace(/\.$/, '') || 'body',
        message: line === null ? message : `${message} (line ${line})`,
      })),
    );
  }
}
