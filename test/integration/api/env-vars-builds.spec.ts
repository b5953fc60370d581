import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { createProject, refusedFields } from './api-fixture.js';

interface Variable {
  key: string;
  build: string | null;
}

let nexos: SharedApi;
let project: string;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = (await createProject(nexos)).id;
});

const path = () => `/projects/${project}/env-vars`;
const put = (body: unknown) => nexos.api.request('PUT', path(), body);
const list = () => nexos.api.get<Variable[]>(path());

describe('a variable', () => {
  it('reaches builds as it says, until it says otherwise', async () => {
    const uses = [];
    for (const build of ['secret', undefined, 'arg', undefined, null, undefined]) {
      const body = { key: 'NPM_TOKEN', value: 'v', ...(build === undefined ? {} : { build }) };
      uses.push(((await (await put(body)).json()) as Variable).build);
    }
    expect(uses).toEqual(['secret', 'secret', 'arg', 'arg', null, null]);
  });

  it.each<[object, string]>([
    [{ build: 'yes' }, 'build'],
    [{ build: ['secret'] }, 'build'],
    [{ build: true }, 'build'],
    [{ build: 'secret', secret: false }, 'secret'],
    [{ key: 'BUILDKIT_SYNTAX', build: 'arg' }, 'key'],
  ])('is refused with %j', async (changes, field) => {
    expect(await refusedFields(await put({ key: 'A', value: 'v', ...changes }))).toEqual([field]);
    expect(await list()).toEqual([]);
  });

  it('that logs show cannot become a build secret, nor the other way round', async () => {
    await put({ key: 'A', value: 'v', secret: false });
    expect(await refusedFields(await put({ key: 'A', value: 'v', build: 'secret' }))).toEqual(['secret']);
    await put({ key: 'B', value: 'v', build: 'secret' });
    const variables = [
      { key: 'C', value: 'v' },
      { key: 'B', value: 'v', secret: false },
    ];
    expect(await refusedFields(await put({ variables }))).toEqual(['variables.1.secret']);
    expect((await list()).map(({ key, build }) => [key, build])).toEqual([
      ['B', 'secret'],
      ['A', null],
    ]);
  });
});
