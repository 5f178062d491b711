// Package cloudtrail is the part of CloudTrail's API that an account's event history
// is read by: LookupEvents, over the audit trail of the last 90 days.
//
// It owns what a lookup may ask and the record that CloudTrail writes of an event
// (record.go). What makes events, and how long they are kept, is others'; trails,
// event data stores and Insights are not there.
package cloudtrail

import (
	"sekisho/internal/call"
	"sekisho/internal/store"
)

// Table guards the operations. LookupEvents has no resource that a policy could
// name: who may look, sees all of the account's history.
var Table = call.Table{
	"LookupEvents": {Action: "cloudtrail:LookupEvents", ReadOnly: true},
}

// Service implements the operations of Table.
type Service struct{ Store store.DB }
