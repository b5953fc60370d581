import { isScalar, isSeq, type ParsedNode } from 'yaml';
import type { PathGlobsRules } from '../setting.js';
import { globCountProblem, pathGlobProblem, PATH_GLOBS_RULE } from '../value-problem.js';
import { type FileSource, REFUSED, type Refused } from './containers-reader.js';

/** Reads a list of path globs. */
export function readPathGlobs(
  node: ParsedNode | null,
  rules: PathGlobsRules,
  { path, line }: { readonly path: string; readonly line: number },
  source: FileSource,
): readonly unknown[] | Refused {
  if (!isSeq(node)) return source.refuse(line, path, PATH_GLOBS_RULE);
  const problem = globCountProblem(rules, node.items.length);
  if (problem !== null) return source.refuse(line, path, problem);
  return (node.items as (ParsedNode | null)[]).map((item, index) => {
    const place = `${path}[${index}]`;
    const at = item === null ? line : source.lineAt(item.range[0]);
    const plain = source.plain(item, place, at);
    if (plain === REFUSED) return REFUSED;
    const glob: unknown = isScalar(plain) ? plain.value : undefined;
    const globProblem = pathGlobProblem(glob);
    return globProblem === null ? glob : source.refuse(at, place, globProblem);
  });
}
