export interface ImageLayer {
  /** The same for layers that are one and the same on the engine's disk. */
  readonly id: string;
  readonly sizeBytes: number;
}

/** One line of `GET /images/{name}/history`, the newest first: an instruction, whether or not it made a layer. */
export interface HistoryEntry {
  readonly CreatedBy: string;
  readonly Size: number;
}

/** The part of `GET /images/{name}/json` that is read here. */
interface Image {
  readonly Id: string;
  readonly Size: number;
  /** Digests of the layers' contents, the lowest first. */
  readonly RootFS?: { readonly Layers?: readonly string[] | undefined };
}

/** Instructions that make a layer, in the words of BuildKit and of the builder before it; it may be an empty one. */
const MAKES_LAYER =
  /^(?:RUN|COPY|ADD|WORKDIR)\b|^(?:\|\d+ .*)?\/bin\/sh -c (?!#\(nop\))|#\(nop\) +(?:COPY|ADD|WORKDIR)\b/s;

/**
 * Which layers an image consists of, and how large each is. The engine tells the digests in one place and the sizes in
 * another, and does not tell which instructions made an empty layer and which made none. Where the two do not fit
 * together, the image counts as one layer that it shares with nothing: never less than it takes.
 */
export function imageLayers(image: Image, history: readonly HistoryEntry[]): ImageLayer[] {
  const made = history.filter(({ Size, CreatedBy }) => Size > 0 || MAKES_LAYER.test(CreatedBy)).reverse();
  const digests = image.RootFS?.Layers ?? [];
  const sum = made.reduce((bytes, { Size }) => bytes + Size, 0);
  if (made.length !== digests.length || sum !== image.Size) {
    return [{ id: image.Id, sizeBytes: image.Size }];
  }
  // A layer is kept for what lies below it too: the same files above another base are stored once more.
  let below = '';
  return digests.map((digest, index) => {
    below = `${below}/${digest}`;
    return { id: below, sizeBytes: made[index]?.Size ?? 0 };
  });
}
