#!/usr/bin/env bash
# Runs in a container with only Node and npm, on a copy of the clone: the README's demo, and one end-to-end file.
# All other tests run outside, where the setup is the same.
set -eu
cp -r /source /nexos
cd /nexos
echo "=== npm run demo -- --once"
npm run demo -- --once
echo "=== a push, end to end"
npx vitest run --project e2e test/e2e/push-to-url.spec.ts
