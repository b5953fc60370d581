#!/bin/sh
# Git's hook after a push. The demo has put its own node, and the program that it runs, beside this file.
exec hooks/node hooks/post-receive.mjs
