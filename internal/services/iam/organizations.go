package iam

import "sekisho/internal/call"

var organizationTable = call.Table{}
