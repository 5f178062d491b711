// Package compat proves the program against the clients that people use: the
// AWS CLI as Debian ships it, boto3, the AWS SDKs for Go and JavaScript, a real
// browser, the shells that texts are pasted into; and against requests that no
// well-behaved client sends. It has tests only; package harness runs the program
// and its clients.
//
// What the tests need beside the Debian packages awscli, faketime, chromium,
// python3-venv and zsh they install themselves, pinned, below this directory:
// boto3 in python/.venv, the JavaScript packages in node/node_modules. Terraform
// and its AWS provider are used where a machine has them; elsewhere the provider's
// calls are made by the SDK.
package compat
