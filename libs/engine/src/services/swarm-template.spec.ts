import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTemplate, fromTemplate } from './swarm-template.js';

describe('a text as a template', () => {
  it('is every text again', () => {
    const text = fc
      .array(fc.constantFrom('{', '{{', '}', '}}', '"', '-', ' ', 'a'))
      .map((parts) => parts.join(''));
    fc.assert(fc.property(text, (value) => fromTemplate(asTemplate(value)) === value));
  });

  it('opens nothing but a string', () => {
    expect(asTemplate('{{{.Node.ID}}')).toBe('{{"{{"}}{.Node.ID}}');
    expect(asTemplate('a } b { c')).toBe('a } b { c');
  });
});
