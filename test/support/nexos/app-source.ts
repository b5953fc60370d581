const DOCKERFILE = `FROM nexos-local/node
WORKDIR /app
COPY server.js .
CMD ["node", "server.js"]
`;

/** Returns a one-file web app that answers every request with a text. */
export function webApp(text: string, { listensAfterMs = 0, status = 200 } = {}): Record<string, string> {
  return {
    Dockerfile: DOCKERFILE,
    'server.js': `const { createServer } = require('node:http');
const server = createServer((request, response) => {
  response.statusCode = ${status};
  response.end(${JSON.stringify(text)});
});
console.log('starting');
setTimeout(() => server.listen(process.env.PORT, '0.0.0.0'), ${listensAfterMs});
process.on('SIGTERM', () => process.exit(0));
`,
  };
}

/** Returns the same app with a slow step in its Dockerfile, which is never in the engine's cache. */
export function slowBuild(text: string, seconds: number): Record<string, string> {
  const step = `RUN echo "slow step begins, ${crypto.randomUUID()}" && sleep ${seconds}\n`;
  return { ...webApp(text), Dockerfile: DOCKERFILE + step };
}

/** Returns the same app with a step that writes ten lines a second. */
export function chattyBuild(text: string, seconds: number): Record<string, string> {
  const step = `RUN echo "${crypto.randomUUID()}"; for i in $(seq ${seconds * 10}); do echo "tick $i"; sleep 0.1; done\n`;
  return { ...webApp(text), Dockerfile: DOCKERFILE + step };
}

/** Returns an app that writes a line and exits. */
export function exitingApp(lastWords: string, code: number): Record<string, string> {
  return {
    Dockerfile: DOCKERFILE,
    'server.js': `console.error(${JSON.stringify(lastWords)});\nprocess.exit(${code});\n`,
  };
}
