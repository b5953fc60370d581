import { createParser } from 'eventsource-parser';

/** Returns the same stream of events, which fails with the error of `check` at the first rejected event. */
export function checkedEvents(response: Response, check: (event: string, data: string) => void): Response {
  const parser = createParser({ onEvent: ({ event = 'message', data }) => check(event, data) });
  const decoder = new TextDecoder();
  const checks = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      controller.enqueue(chunk);
    },
  });
  return new Response(response.body?.pipeThrough(checks) ?? null, response);
}
