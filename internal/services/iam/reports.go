package iam

import "sekisho/internal/call"

var reportTable = call.Table{}
