import { documentAt } from './markdown.js';

/** A section of the guide with Dockerfiles to begin with. */
export interface GuideSection {
  readonly title: string;
  readonly dockerfiles: readonly string[];
  readonly configs: readonly string[];
}

export const GUIDE = documentAt('docs/guides/dockerfiles.md');
export const SECTIONS: readonly GuideSection[] = GUIDE.split(/^## /m)
  .slice(1)
  .map((text) => ({
    title: text.split('\n', 1)[0] ?? '',
    dockerfiles: blocks(text, 'dockerfile'),
    configs: blocks(text, 'yaml'),
  }));

/** Returns the code blocks of a language. */
function blocks(text: string, language: string): string[] {
  return Array.from(
    text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm')),
    ([, code = '']) => code,
  );
}
