package iam

import "sekisho/internal/call"

var attachmentTable = call.Table{}
