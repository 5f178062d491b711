package iam

import "sekisho/internal/call"

var policyTable = call.Table{}
