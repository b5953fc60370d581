export interface ImageLayer {
  /** Equal for layers that the engine stores only once. */
  readonly id: string;
  readonly sizeBytes: number;
}

/** One entry of `GET /images/{name}/history`, newest first: an instruction, whether or not it made a layer. */
export interface HistoryEntry {
  readonly CreatedBy: string;
  readonly Size: number;
}

/** The part of `GET /images/{name}/json` read here. */
interface Image {
  readonly Id: string;
  readonly Size: number;
  /** Digests of the layers' contents, lowest layer first. */
  readonly RootFS?: { readonly Layers?: readonly string[] | undefined };
}

/** Instructions that make a layer, even an empty one, as written by BuildKit and by the builder before it. */
const MAKES_LAYER =
  /^(?:RUN|COPY|ADD|WORKDIR)\b|^(?:\|\d+ .*)?\/bin\/sh -c (?!#\(nop\))|#\(nop\) +(?:COPY|ADD|WORKDIR)\b/s;

/**
 * Returns an image's layers and their sizes. The engine reports digests and sizes in different places, and does not
 * say which instructions made an empty layer and which made none. When the two do not match, the image counts as
 * one unshared layer, so its size is never underestimated.
 */
export function imageLayers(image: Image, history: readonly HistoryEntry[]): ImageLayer[] {
  const made = history.filter(({ Size, CreatedBy }) => Size > 0 || MAKES_LAYER.test(CreatedBy)).reverse();
  const digests = image.RootFS?.Layers ?? [];
  const sum = made.reduce((bytes, { Size }) => bytes + Size, 0);
  if (made.length !== digests.length || sum !== image.Size) {
    return [{ id: image.Id, sizeBytes: image.Size }];
  }
  // A layer's identity includes the layers below it: the engine stores the same files again above another base.
  let below = '';
  return digests.map((digest, index) => {
    below = `${below}/${digest}`;
    return { id: below, sizeBytes: made[index]?.Size ?? 0 };
  });
}
