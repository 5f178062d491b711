package iam

import "sekisho/internal/call"

var credentialTable = call.Table{}
