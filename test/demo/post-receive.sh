#!/bin/sh
# Git's post-receive hook. The demo puts its own node, and the program to run, beside this file.
exec hooks/node hooks/post-receive.mjs
