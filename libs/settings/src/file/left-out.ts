import { isScalar, type ParsedNode } from 'yaml';
import { type Field, isOffered } from './file-shape.js';

/**
 * Returns whether a value asks for nothing: one under which everything is commented out, or false for a section that is not
 * offered.
 */
export function isLeftOut(node: ParsedNode | null, field: Field): boolean {
  if (!['section', 'variables', 'containers'].includes(field.kind)) return false;
  if (node === null) return true;
  if (!isScalar(node)) return false;
  return node.value === null || (node.value === false && !isOffered(field));
}
