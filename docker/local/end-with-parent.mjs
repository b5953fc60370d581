// @ts-check
// Preloaded into each app (node --import). Stops the app when its parent dies, even by SIGKILL: the IPC channel between
// them closes, and the app sends itself SIGTERM.
const STOP_MS = 30_000;

function stop() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_MS).unref();
}

// Writing fails once the parent is dead; that must not interrupt a graceful stop.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
if (process.connected) process.once('disconnect', stop);
else stop();
process.channel?.unref();
