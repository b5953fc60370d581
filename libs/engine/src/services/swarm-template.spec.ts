import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTemplate, fromTemplate } from './swarm-template.js';

describe('asTemplate', () => {
  it('is reversed by fromTemplate for any text', () => {
    const text = fc
      .array(fc.constantFrom('{', '{{', '}', '}}', '"', '-', ' ', 'a'))
      .map((parts) => parts.join(''));
    fc.assert(fc.property(text, (value) => fromTemplate(asTemplate(value)) === value));
  });

  it('turns opening braces into string literals and changes nothing else', () => {
    expect(asTemplate('{{{.Node.ID}}')).toBe('{{"{{"}}{.Node.ID}}');
    expect(asTemplate('a } b { c')).toBe('a } b { c');
  });
});
