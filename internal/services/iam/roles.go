package iam

import "sekisho/internal/call"

var roleTable = call.Table{}
