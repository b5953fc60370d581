#!/usr/bin/env bash
# Run inside a container that has Node and npm and nothing else, on a copy of the clone: the README's demo, and one
# end-to-end file. Everything else runs outside, where the set-up is the same.
set -eu
cp -r /source /nexos
cd /nexos
echo "=== npm run demo -- --once"
npm run demo -- --once
echo "=== a push, end to end"
npx vitest run --project e2e test/e2e/push-to-url.spec.ts
