import { expect, it } from 'vitest';
import { secretHint } from './missing-secrets.js';

it.each([
  ['npm-token', 'NPM_TOKEN'],
  ['.npmrc', 'NPMRC'],
  ['github.token', 'GITHUB_TOKEN'],
  ['NEXOS_TOKEN', 'BUILD_NEXOS_TOKEN'],
  ['1', 'BUILD_1'],
  ['…', 'BUILD_SECRET'],
])('secretHint names another id for the secret %j, which no variable can be named', (id, other) => {
  const hint = secretHint(new Set([id]), `[2/2] RUN --mount=type=secret,id=${id} npm ci`);
  expect(hint).toContain(`No variable can have the name "${id}": mount the secret with another id,`);
  expect(hint).toContain(`such as "id=${other}", and set a variable of that name with "build": "secret"`);
});

it('secretHint bounds what it quotes', () => {
  const id = 'a-'.repeat(100_000);
  expect(secretHint(new Set([id]), `RUN --mount=type=secret,id=${id}`).length).toBeLessThan(1_500);
});
