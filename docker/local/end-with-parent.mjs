// @ts-check
// Loaded before an app (node --import): stops the app when the process that started it is gone, even when that was
// killed. The IPC channel between them closes then; the app gets the signal that stops it in order.
const STOP_MS = 30_000;

function stop() {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_MS).unref();
}

// Nobody reads the output by then; that must not end the app before it has stopped in order.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
if (process.connected) process.once('disconnect', stop);
else stop();
process.channel?.unref();
