import { deploymentSettings } from '@nexos/settings';
import { describe, expect, it } from 'vitest';
import { imagesOf, sourcesOf } from './container-images.js';

const settings = deploymentSettings({
  containers: [
    { name: 'worker' },
    { name: 'api', dockerfile: 'api/Dockerfile', context: 'api' },
    { name: 'jobs', dockerfile: 'api/Dockerfile', context: 'api' },
    { name: 'tests', dockerfile: 'api/Dockerfile', context: 'api', target: 'test' },
    { name: 'cache', image: 'memcached:1' },
  ],
} as never);

describe('the images of a deployment', () => {
  it('are one for each source, beside that of the app', () => {
    expect(sourcesOf(settings).map(({ containers }) => containers)).toEqual([
      ['api', 'jobs'],
      ['tests'],
      ['cache'],
    ]);
    expect(sourcesOf(deploymentSettings({}))).toEqual([]);
  });

  it('are listed in the order of the containers, with that of the app for those without a source', () => {
    const made = [
      { id: 'one', containers: ['api', 'jobs'] },
      { id: 'app' },
      { id: 'two', containers: ['tests'] },
      { id: 'hooks', target: 'migrations' },
      { id: 'three', containers: ['cache'] },
    ];
    expect(imagesOf(settings, made as never, ({ id }) => `${id}!`)).toEqual({
      imageId: 'app!',
      containerImageIds: ['app!', 'one!', 'one!', 'two!', 'three!'],
      hookImageId: 'hooks!',
    });
  });
});
