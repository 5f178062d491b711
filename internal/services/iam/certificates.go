package iam

import "sekisho/internal/call"

var certificateTable = call.Table{}
