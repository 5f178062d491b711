package iam

import "time"

// Use is the last time that an identity called an action of a service. It is
// recorded at most once in 15 minutes (behaviours.md 5.4).
type Use struct {
	Account string
	// Entity is the id of the user or role, or the account id for its root user.
	Entity    string
	AccessKey string // the long-term key that signed; "" for none
	Service   string // as actions name it: "iam", "sts"…
	Action    string // without the service: "CreateUser"
	Region    string
	At        time.Time
}

// UseStore keeps last uses.
type UseStore interface {
	// PutUses records a batch; of each entity, service and action, and of each
	// access key, the latest is kept.
	PutUses(batch []Use) error
	// AccessKeyUse returns the key's last use, or NotFound.
	AccessKeyUse(accessKey string) (Use, error)
	// UsesOf returns the entity's last uses, in order of service and action.
	UsesOf(entity string) ([]Use, error)
}
