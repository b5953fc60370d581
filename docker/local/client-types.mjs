// @ts-check
import openapiTS, { astToString } from 'openapi-typescript';

const HEADER = `/**
 * Generated from the API's OpenAPI document: npm run client
 * Not to be changed by hand.
 */

`;

/**
 * The types of the client, from the API's OpenAPI document.
 *
 * @param {unknown} document
 * @returns {Promise<string>} TypeScript
 */
export async function clientTypes(document) {
  const tree = await openapiTS(/** @type {import('openapi-typescript').OpenAPI3} */ (document), {
    alphabetize: true,
    defaultNonNullable: false,
  });
  return HEADER + astToString(tree);
}
