package iam

import "sekisho/internal/call"

var inlineTable = call.Table{}
