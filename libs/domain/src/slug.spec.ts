import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hostLabel, projectSlug } from './slug.js';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

describe('projectSlug', () => {
  it.each([
    ['my-app', 'my-app'],
    ['My  App!', 'my-app'],
    ['Ünïcödé', 'unicode'],
    ['--x--', 'x'],
  ])('turns %j into %s', (name, slug) => {
    expect(projectSlug(name)).toBe(slug);
  });

  it('adds a number when the name is taken', () => {
    expect(projectSlug('my-app', 1)).toBe('my-app-2');
  });
});

describe('hostLabel', () => {
  it.each([
    ['main', 'shop', 'main-shop'],
    ['feature/Login_Page', 'shop', 'feature-login-page-shop'],
    ['--upload-pack=x', 'shop', 'upload-pack-x-shop'],
  ])('labels the branch %s of %s as %s', (branch, project, label) => {
    expect(hostLabel(branch, project, 'env_1')).toBe(label);
  });

  it('adds a hash to a truncated label, so that two long branches differ', () => {
    const long = 'x'.repeat(200);
    const first = hostLabel(`${long}1`, 'shop', 'env_1');
    const second = hostLabel(`${long}2`, 'shop', 'env_2');
    expect(first).not.toBe(second);
    expect(first.length).toBeLessThanOrEqual(63);
  });

  it('returns a DNS label for every branch, project and attempt', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string(),
        fc.nat(5),
        (branch, name, attempt) => {
          expect(hostLabel(branch, projectSlug(name), 'env_1', attempt)).toMatch(LABEL);
        },
      ),
    );
  });
});
