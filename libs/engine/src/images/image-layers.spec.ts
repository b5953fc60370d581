import { describe, expect, it } from 'vitest';
import { imageLayers } from './image-layers.js';

const image = (layers: string[], size: number) => ({
  Id: 'sha256:image',
  Size: size,
  RootFS: { Layers: layers },
});
const BASE = { CreatedBy: '', Size: 100 };

describe('imageLayers', () => {
  it('gives each layer the size of its instruction, including empty layers', () => {
    const history = [
      { CreatedBy: 'CMD ["node"]', Size: 0 },
      { CreatedBy: 'COPY . . # buildkit', Size: 7 },
      { CreatedBy: 'RUN /bin/sh -c true # buildkit', Size: 0 },
      { CreatedBy: 'ENV A=RUN', Size: 0 },
      { CreatedBy: 'WORKDIR /app', Size: 0 },
      BASE,
    ];
    const sizes = imageLayers(image(['b', 'w', 'r', 'c'], 107), history).map(({ sizeBytes }) => sizeBytes);
    expect(sizes).toEqual([100, 0, 0, 7]);
  });

  it('reads the history of the builder before BuildKit', () => {
    const history = [
      { CreatedBy: '/bin/sh -c #(nop)  CMD ["sh"]', Size: 0 },
      { CreatedBy: '|1 A=b /bin/sh -c true', Size: 0 },
      { CreatedBy: '/bin/sh -c touch /x', Size: 0 },
      { CreatedBy: '/bin/sh -c #(nop) COPY file:1 in / ', Size: 3 },
      BASE,
    ];
    expect(imageLayers(image(['b', 'c', 't', 'u'], 103), history)).toHaveLength(4);
  });

  it('gives two layers the same id only above the same layers', () => {
    const history = [{ CreatedBy: 'COPY x / # buildkit', Size: 5 }, BASE];
    const [base, top] = imageLayers(image(['b', 'x'], 105), history);
    const [same, other] = imageLayers(image(['b', 'y'], 105), history);
    expect(same).toEqual(base);
    expect(other?.id).not.toBe(top?.id);
    expect(imageLayers(image(['c', 'x'], 105), history)[1]?.id).not.toBe(top?.id);
  });

  it.each([
    ['there are more layers than instructions', ['a', 'b', 'c'], 105],
    ['the sizes do not add up', ['a', 'b'], 106],
  ])('counts the image as one unshared layer when %s', (_, layers, size) => {
    const history = [{ CreatedBy: 'COPY x / # buildkit', Size: 5 }, BASE];
    expect(imageLayers(image(layers, size), history)).toEqual([{ id: 'sha256:image', sizeBytes: size }]);
  });
});
