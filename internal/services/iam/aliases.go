package iam

import "sekisho/internal/call"

var aliasTable = call.Table{}
