package application

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"sekisho/internal/fault"
)

// requestKept is how long a client token is known: longer than any client retries.
const requestKept = 24 * time.Hour

// ClientRequest is a request with a client token that was done.
type ClientRequest struct {
	Key    string // of account, operation and token
	Digest string // of what was asked for
	Result string
	Until  time.Time
}

// Once does what a client token stands for at most once: a second request of the
// account for the operation with the same token gets the first one's result. With
// other parameters it is a Conflict with the reason "idempotency". parameters is
// marshalled to JSON and should be the whole input. Without a token, create is
// always called.
func Once(tx Store, account, operation, token string, parameters any, now time.Time, create func() (string, error)) (string, error) {
	if token == "" {
		return create()
	}
	text, err := json.Marshal(parameters)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	r := ClientRequest{Key: account + "/" + operation + "/" + token, Digest: hex.EncodeToString(sum[:]), Until: now.Add(requestKept)}
	before, err := tx.ClientRequest(r.Key)
	switch {
	case fault.Is(err, fault.NotFound), err == nil && !before.Until.After(now):
	case err != nil:
		return "", err
	case before.Digest != r.Digest:
		return "", fault.New(fault.Conflict, "idempotency", "The client token was used before, with different parameters.")
	default:
		return before.Result, nil
	}
	if r.Result, err = create(); err != nil {
		return "", err
	}
	return r.Result, tx.PutClientRequest(r)
}
