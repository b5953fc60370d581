// Preloaded into an app, this lets its test set environment variables while the app runs.
process.on('message', (variables) => {
  Object.assign(process.env, variables);
  process.send?.('taken');
});
// The app ends as it would without a test that listens.
process.channel?.unref();
