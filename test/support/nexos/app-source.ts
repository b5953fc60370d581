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

/** Returns the source of a web server in Perl, which is small and starts at once. Every image with Debian has Perl. */
export function smallServer(text: string): string {
  return `use IO::Socket::INET;
$SIG{TERM} = sub { exit 0 };
my $server = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $ENV{PORT}, Listen => 64) or die $!;
while (1) {
  my $client = $server->accept or next;
  while (<$client>) { last if /^\\r?$/ }
  print $client "HTTP/1.1 200 OK\\r\\nContent-Length: ${text.length}\\r\\nConnection: close\\r\\n\\r\\n${text}";
  close $client;
}
`;
}

/** Returns an app that answers every request with a text, and needs little memory. */
export function smallApp(text: string): Record<string, string> {
  return {
    Dockerfile: 'FROM nexos-local/debian:bookworm\nCOPY app.pl /\nCMD ["perl", "/app.pl"]\n',
    'app.pl': smallServer(text),
  };
}
