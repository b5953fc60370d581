#!/usr/bin/env bash
# Runs the README's demo and one end-to-end file on a copy of the clone, in a container with only Node and npm. Only setup
# behaves differently here, so no other test needs to run.
set -eu
cp -r /source /nexos
cd /nexos
echo "=== npm run demo -- --once"
npm run demo -- --once
echo "=== a push, end to end"
npx vitest run --project e2e test/e2e/push-to-url.spec.ts
