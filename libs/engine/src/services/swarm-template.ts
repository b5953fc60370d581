const OPENING = '{{';
const LITERAL = '{{"{{"}}';

/**
 * Escapes a text so that Swarm passes it on literally. Swarm treats environment variables as templates, and would
 * insert node facts or refuse the service:
 * https://docs.docker.com/reference/cli/docker/service/create/#create-services-using-templates
 */
export function asTemplate(text: string): string {
  return text.replaceAll(OPENING, LITERAL);
}

/** Reverses `asTemplate`. */
export function fromTemplate(template: string): string {
  return template.replaceAll(LITERAL, OPENING);
}
