package iam

import "sekisho/internal/call"

var userTable = call.Table{}
