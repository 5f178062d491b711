package iam

import "sekisho/internal/call"

var groupTable = call.Table{}
