package iam

// ReportStore keeps reports, jobs and the account's own settings.
type ReportStore interface{}
