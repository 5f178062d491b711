package iam

import "sekisho/internal/call"

var instanceProfileTable = call.Table{}
