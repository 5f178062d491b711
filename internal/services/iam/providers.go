package iam

import "sekisho/internal/call"

var providerTable = call.Table{}
