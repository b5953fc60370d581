import { expect, it } from 'vitest';
import { githubActor } from './event.js';

it.each([
  ['octocat', 'github:octocat'],
  ['dependabot[bot]', 'github:dependabot[bot]'],
  ['Some_One-1', 'github:Some_One-1'],
  ['<b>@everyone\n', 'github:-b--everyone-'],
  ['a'.repeat(100), `github:${'a'.repeat(64)}`],
  ['', 'github'],
  [null, 'github'],
])('names the user %j of GitHub as the actor %s', (login, actor) => {
  expect(githubActor(login)).toBe(actor);
});
