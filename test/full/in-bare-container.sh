#!/usr/bin/env bash
# Run inside a container that has Node and npm and nothing else: the README's two commands, on a copy of the clone.
set -eu
cp -r /source /nexos
cd /nexos
echo "=== npm run demo -- --once"
npm run demo -- --once
echo "=== npm test"
if ! npm test; then
  node docker/local/count-results.mjs everyday
  exit 1
fi
